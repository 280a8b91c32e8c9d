// Who else is at the text: a nub where the caret stands, the name while its owner types.

import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import { relativePositionToAbsolutePosition, yCursorPlugin, ySyncPluginKey } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { element } from "./elements.js";

const COLOURS = 3;
const TYPING = 1_500;

const timers = new Map();

/** The class that gives a person her colour, the same on every caret and plate of this page. */
export function colourOf(person) {
  const sum = [...String(person)].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 9973, 7);
  return `p${(sum % COLOURS) + 1}`;
}

/**
 * Shows the carets and selections of the others. They lie over the text and never in it: a caret inside a paragraph
 * breaks a word that is being composed there. A name is the one the desk gave, not the one a client claims.
 */
export function carets(provider) {
  // The plugin tells the others where this person stands; drawing is left to the layer.
  const told = yCursorPlugin(provider.awareness, { awarenessStateFilter: () => false, cursorBuilder: () => element("span") });
  const layer = new Plugin({ view: (view) => new Layer(view, provider) });
  return Extension.create({ name: "carets", addProseMirrorPlugins: () => [told, layer] });
}

class Layer {
  constructor(view, provider) {
    Object.assign(this, { view, provider, frame: null });
    this.element = element("div", { class: "carets", "aria-hidden": "true" });
    view.dom.after(this.element);
    this.redraw = () => (this.frame ??= requestAnimationFrame(() => this.draw()));
    provider.awareness.on("change", this.redraw);
    globalThis.addEventListener("resize", this.redraw);
    document.fonts?.addEventListener("loadingdone", this.redraw);
  }

  update() {
    this.redraw();
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    this.provider.awareness.off("change", this.redraw);
    globalThis.removeEventListener("resize", this.redraw);
    document.fonts?.removeEventListener("loadingdone", this.redraw);
    this.element.remove();
  }

  draw() {
    this.frame = null;
    const typing = new Set([...this.element.querySelectorAll(".is-typing")].map((one) => one.dataset.client));
    this.element.replaceChildren();
    if (!this.view.dom.isConnected) return;
    const origin = this.element.getBoundingClientRect();
    for (const [client, { cursor }] of this.provider.awareness.getStates()) {
      if (cursor && client !== this.provider.doc.clientID) this.drawOne(client, cursor, origin, typing);
    }
  }

  drawOne(client, cursor, origin, typing) {
    const [anchor, head] = [cursor.anchor, cursor.head].map((end) => this.position(end));
    if (anchor === null || head === null) return;
    const { person, name } = personOf(this.provider, client);
    const colour = colourOf(person);
    for (const box of this.boxes(anchor, head)) this.place("span", `caret-range ${colour}`, box, origin);
    const at = this.view.coordsAtPos(head);
    const caret = this.place("span", `caret ${colour}`, { left: at.left, top: at.top, height: at.bottom - at.top }, origin);
    caret.dataset.client = client;
    caret.classList.toggle("is-typing", typing.has(String(client)));
    caret.append(element("i", {}, name));
  }

  position(end) {
    const { doc, type, binding } = ySyncPluginKey.getState(this.view.state);
    if (!binding) return null;
    const found = relativePositionToAbsolutePosition(doc, type, Y.createRelativePositionFromJSON(end), binding.mapping);
    return found === null ? null : Math.min(found, this.view.state.doc.content.size);
  }

  boxes(anchor, head) {
    if (anchor === head) return [];
    const range = document.createRange();
    const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)].map((end) => this.view.domAtPos(end));
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    return range.getClientRects();
  }

  place(tag, className, { left, top, width = 0, height }, origin) {
    const made = element(tag, { class: className });
    // Set through the object model, which the page's policy allows; a style attribute it would refuse.
    Object.assign(made.style, { left: `${left - origin.left}px`, top: `${top - origin.top}px`, height: `${height}px` });
    if (width) made.style.width = `${width}px`;
    this.element.append(made);
    return made;
  }
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
