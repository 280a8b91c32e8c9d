// Who else is in the text: a nub where the caret stands, the name while its owner types.

import { Extension } from "@tiptap/core";
import { yCursorPlugin } from "@tiptap/y-tiptap";
import { element } from "./elements.js";

const COLOURS = 3;
const TYPING = 1_500;

const timers = new Map();

/** The class that gives a person her colour, the same on every caret and plate of this page. */
export function colourOf(person) {
  const sum = [...String(person)].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 9973, 7);
  return `p${(sum % COLOURS) + 1}`;
}

/** Shows the carets and selections of the others. A name is the one the desk gave, not the one a client claims. */
export function carets(provider) {
  const options = {
    cursorBuilder: (_user, client) => caret(provider, client),
    selectionBuilder: (_user, client) => ({ class: `caret-range ${colourOf(personOf(provider, client).person)}` }),
  };
  return Extension.create({ name: "carets", addProseMirrorPlugins: () => [yCursorPlugin(provider.awareness, options)] });
}

function caret(provider, client) {
  const { person, name } = personOf(provider, client);
  return element("span", { class: `caret ${colourOf(person)}`, "data-client": client }, element("i", {}, name));
}

function personOf(provider, client) {
  return provider.names.get(client) ?? { person: "", name: "" };
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
