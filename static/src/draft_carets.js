// Who else is in the text: a nub where the caret stands, the name while its owner types.

import { element } from "./elements.js";

const COLOURS = 3;
const TYPING = 1_500;

const timers = new Map();

/** The class that gives a person her colour, the same on every caret and plate of this page. */
export function colourOf(person) {
  const sum = [...String(person)].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 9973, 7);
  return `p${(sum % COLOURS) + 1}`;
}

/** A caret for the editor to place; its name is the one the desk gave, not the one the client claims. */
export function caret(provider, client) {
  const { person, name } = provider.names.get(client) ?? { person: "", name: "" };
  return element("span", { class: `caret ${colourOf(person)}`, "data-client": client }, element("i", {}, name));
}

/** The mark behind what somebody has selected. */
export function selection(provider, client) {
  return { class: `caret-range ${colourOf(provider.names.get(client)?.person ?? "")}` };
}

/** Shows names while their owners type. */
export function followTyping(provider, within) {
  provider.awareness.on("update", ({ updated }, origin) => {
    if (origin !== provider) return;
    for (const client of updated) showTyping(within, client);
  });
}

function showTyping(within, client) {
  const mark = (is) => {
    for (const found of within.querySelectorAll(`.caret[data-client="${client}"]`)) found.classList.toggle("is-typing", is);
  };
  requestAnimationFrame(() => mark(true));
  clearTimeout(timers.get(client));
  timers.set(client, setTimeout(() => mark(false), TYPING));
}

/** The people at the text besides the reader, each once: [{person, name}]. */
export function peopleAt(provider) {
  const clients = [...provider.awareness.getStates().keys()].filter((client) => client !== provider.doc.clientID);
  const people = clients.map((client) => provider.names.get(client)).filter(Boolean);
  return [...new Map(people.map((one) => [one.person, one])).values()].sort((a, b) => a.name.localeCompare(b.name, "vi"));
}
