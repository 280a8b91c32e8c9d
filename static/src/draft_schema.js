// What a statement may consist of: the blocks and marks that the canonical text knows, tokens filled only at release,
// and places still to be filled in. The server reads whatever else a tree holds as plain text.

import { Extension, Node, mergeAttributes, nodeInputRule, nodePasteRule } from "@tiptap/core";
import { OrderedList } from "@tiptap/extension-list";
import { Plugin } from "@tiptap/pm/state";
import StarterKit from "@tiptap/starter-kit";
import { tokenLabel } from "./draft_tokens.js";

const TARGETS = ["http", "https", "mailto", "tel"];
// Well below what the server takes: a text of this length is a book.
const MOST_CHARACTERS = 120_000;
const TOKEN_NAMES = ["issued_at", "sequence_number", "next_update_at"];

// A list's start is not part of what is signed, so the editor has none: numbers on screen are those of the paper.
const NumberedList = OrderedList.extend({
  addAttributes() {
    return {};
  },
});

const Token = Node.create({
  name: "token",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addAttributes() {
    return { name: attribute("name", "data-token", ""), bounds: attribute("bounds", "data-bounds", "..") };
  },
  parseHTML() {
    return [{ tag: "span[data-token]" }];
  },
  renderHTML({ node, HTMLAttributes }) {
    return ["span", mergeAttributes({ class: "token" }, HTMLAttributes), tokenLabel(node.attrs.name, node.attrs.bounds)];
  },
  renderText({ node }) {
    return `{{${node.attrs.name}:${node.attrs.bounds}}}`;
  },
});

const Slot = Node.create({
  name: "slot",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addAttributes() {
    return { name: attribute("name", "data-slot", "?") };
  },
  parseHTML() {
    return [{ tag: "span[data-slot]" }];
  },
  renderHTML({ node, HTMLAttributes }) {
    return ["span", mergeAttributes({ class: "todo-slot" }, HTMLAttributes), `{{${node.attrs.name}}}`];
  },
  renderText({ node }) {
    return `{{${node.attrs.name}}}`;
  },
  addInputRules() {
    return [nodeInputRule({ find: /\{\{[^{}:\\]{1,80}\}\}$/, type: this.type, getAttributes: named })];
  },
  addPasteRules() {
    return [nodePasteRule({ find: /\{\{[^{}:\\]{1,80}\}\}/g, type: this.type, getAttributes: named })];
  },
});

function attribute(key, written, fallback) {
  return {
    default: fallback,
    parseHTML: (element) => element.getAttribute(written) ?? fallback,
    renderHTML: (attributes) => ({ [written]: attributes[key] }),
  };
}

// The whole match is replaced, so nothing is captured in it.
function named(match) {
  return { name: match[0].slice(2, -2).trim() || "?" };
}

/** Refuses what would make the text longer than a statement may be; `refused()` says so, the text stays as it was. */
function lengthBound(refused) {
  return Extension.create({
    name: "lengthBound",
    addProseMirrorPlugins() {
      const filterTransaction = (transaction, state) => {
        // What comes from others is stored already: refusing it would only make this screen differ from theirs.
        const isRemote = transaction.getMeta("y-sync$") !== undefined;
        if (isRemote || !transaction.docChanged || transaction.doc.content.size <= MOST_CHARACTERS) return true;
        if (transaction.doc.content.size <= state.doc.content.size) return true;
        refused();
        return false;
      };
      return [new Plugin({ filterTransaction })];
    },
  });
}

/** The extensions of the editor but for those that connect it to others. */
export function schema({ tooLong }) {
  return [
    StarterKit.configure({
      undoRedo: false,
      orderedList: false,
      code: false,
      codeBlock: false,
      strike: false,
      underline: false,
      horizontalRule: false,
      trailingNode: false,
      dropcursor: false,
      gapcursor: false,
      heading: { levels: [1, 2, 3] },
      link: { openOnClick: false, autolink: false, protocols: TARGETS, defaultProtocol: "https", isAllowedUri: isTarget },
    }),
    NumberedList,
    Token,
    Slot,
    lengthBound(tooLong),
  ];
}

function isTarget(target) {
  return /^(?:https?:\/\/|mailto:|tel:)[^\s"<>\\^`{|}]+$/i.test(target);
}

/** What stands open in a text, as the check before submission sees it: [{name, place, position}]. */
export function openPlaces(doc) {
  const found = [];
  let place = 0;
  doc.descendants((node, position, parent) => {
    if (startsNumber(node, parent)) place += 1;
    if (node.type.name === "slot") found.push({ name: node.attrs.name, place, position });
    if (node.type.name === "token" && node.attrs.bounds === "..") found.push({ name: node.attrs.name, place, position });
    if (node.isText) for (const [, name] of node.text.matchAll(/\{\{([^{}]+)\}\}/g)) found.push({ name, place, position });
    return true;
  });
  return found;
}

/** Whether a paragraph has a number in the margin: the first of an item, and every other one that is not empty. */
function startsNumber(node, parent) {
  if (node.type.name !== "paragraph") return false;
  if (parent.type.name === "listItem") return parent.firstChild === node;
  return node.content.size > 0;
}

/** The tokens of a text, each name once with its bounds. */
export function tokensIn(doc) {
  const found = new Map();
  doc.descendants((node) => {
    if (node.type.name === "token" && !found.has(node.attrs.name)) found.set(node.attrs.name, node.attrs.bounds);
  });
  return TOKEN_NAMES.filter((name) => found.has(name)).map((name) => ({ name, bounds: found.get(name) }));
}

/** The lines of a text, as somebody would copy them. */
export function linesOf(doc) {
  const lines = [];
  doc.descendants((node) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, "\n", leafText);
    if (text.trim()) lines.push(text);
    return false;
  });
  return lines;
}

function leafText(leaf) {
  if (leaf.type.name === "slot") return `{{${leaf.attrs.name}}}`;
  if (leaf.type.name === "token") return `[${tokenLabel(leaf.attrs.name, leaf.attrs.bounds)}]`;
  return "\n";
}
