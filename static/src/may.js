// What this person may do now decides which controls show. Fragments are the same for everybody and carry every
// control, hidden: <button data-subject="incident:LUA-27" data-verb="close" hidden>.

const allowed = new Map(Object.entries(pageRights()));

function pageRights() {
  return JSON.parse(document.getElementById("may")?.textContent || "{}");
}

/** Takes over what the server says the person may do with a subject, and shows its controls by it. */
export function allow(subject, verbs) {
  allowed.set(subject, verbs);
  showControls(document);
}

/** Shows or hides the controls in an element, itself included. */
export function showControls(within) {
  const controls = [...within.querySelectorAll("[data-verb]")];
  if (within instanceof Element && within.matches("[data-verb]")) controls.push(within);
  for (const control of controls) {
    const subject = control.dataset.subject ?? control.closest("[data-subject]")?.dataset.subject;
    const verbs = allowed.get(subject) ?? [];
    control.hidden = !control.dataset.verb.split(" ").some((verb) => verbs.includes(verb));
  }
}
