// What the desk answered, shown where it belongs: at the field, or in the form's own line. Nothing typed is lost.

import { shown, wallClock } from "./clock.js";
import { element, fill } from "./elements.js";
import { draw } from "./icons.js";
import { fieldNamed } from "./fields.js";
import { t } from "./words.js";

const LINES = { wait: "upload", refused: "ban", ok: "check" };

/** The form's own line; says `text` in it, with further elements behind. */
export function tell(form, is, text, ...more) {
  const line = lineOf(form);
  line.hidden = false;
  line.dataset.is = is;
  fill(line, draw(LINES[is]), element("span", {}, element("b", {}, text)), ...more);
}

/** Empties the form's line and takes the notes off its fields. */
export function clear(form) {
  lineOf(form).hidden = true;
  for (const note of form.querySelectorAll("[data-note]")) note.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    restoreDescription(field);
  }
}

function lineOf(form) {
  const present = form.querySelector("[data-said]");
  if (present) return present;
  const made = element("div", { class: "bar said", "data-said": "", "data-keep": "", role: "status" });
  form.append(made);
  return made;
}

/** Shows a refusal: sentences at their fields, the rest in the form's line. */
export function refuse(form, answer) {
  clear(form);
  const problem = answer.body ?? {};
  if (answer.status === 401) return askToSignIn(form);
  tell(form, "refused", problem.title ?? t("The desk can't be reached. What you typed is still here."));
  if (answer.status === 412) return showPresent(form, problem.present ?? {});
  return showErrors(form, problem.errors ?? {});
}

function askToSignIn(form) {
  const way = element("a", { href: "/sign-in", target: "_blank", rel: "noopener" }, t("Sign in in another window"));
  tell(form, "refused", t("You are signed out. What you typed is still here."), way);
}

function showErrors(form, errors) {
  const unplaced = [];
  let first = null;
  for (const [name, sentences] of Object.entries(errors)) {
    const field = fieldNamed(form, name);
    const text = [sentences].flat(3).join(" ");
    if (!field || field.type === "hidden") unplaced.push(text);
    else {
      note(field, text, "field-error");
      field.setAttribute("aria-invalid", "true");
      first ??= field;
    }
  }
  if (unplaced.length) lineOf(form).append(element("span", {}, unplaced.join(" ")));
  first?.focus();
}

// The next attempt carries the present version: the person has now seen what she overwrites.
function showPresent(form, present) {
  if (present.version !== undefined) form.dataset.version = present.version;
  for (const [name, value] of Object.entries(present)) {
    const field = fieldNamed(form, name);
    if (field && differs(field, value)) note(field, t("Now: %(value)s", { value: inWords(field, value) }), "field-now");
  }
}

function differs(field, value) {
  if (field.type === "checkbox") return field.checked !== value;
  return field.value !== (field.dataset.type === "datetime" ? wallClock(value) : String(value ?? ""));
}

function inWords(field, value) {
  if (field.type === "checkbox") return value ? t("yes") : t("no");
  if (value === null || value === "") return "–";
  if (field.options) return [...field.options].find((option) => option.value === String(value))?.text ?? String(value);
  return field.dataset.type === "datetime" ? shown(Date.parse(value)) : String(value);
}

function note(field, text, kind) {
  const id = `${field.id || field.name}-note`;
  const place = field.closest("[data-field]") ?? field;
  const made = element("p", { class: kind, id, "data-note": "", "data-keep": "" }, text);
  if (place === field) field.after(made);
  else place.append(made);
  if (field.dataset.described === undefined) field.dataset.described = field.getAttribute("aria-describedby") ?? "";
  field.setAttribute("aria-describedby", `${field.dataset.described} ${id}`.trim());
}

function restoreDescription(field) {
  if (field.dataset.described) field.setAttribute("aria-describedby", field.dataset.described);
  else field.removeAttribute("aria-describedby");
}
