// page
// The drafting page: the editor on the paper, what is saved, what stands open, what is filled at release.

import { Editor } from "@tiptap/core";
import Collaboration from "@tiptap/extension-collaboration";
import * as Y from "yjs";
import { carets, followTyping } from "./draft_carets.js";
import { Composition } from "./draft_composition.js";
import { showOpenPlaces, showPeople, showTokens } from "./draft_panels.js";
import { DraftProvider } from "./draft_provider.js";
import { linesOf, schema } from "./draft_schema.js";
import { Status } from "./draft_status.js";
import { endTools, startTools } from "./draft_tools.js";
import { Unsent } from "./draft_unsent.js";
import { connection } from "./live.js";
import { startTabs } from "./tabs.js";
import { t } from "./words.js";

// Between two cells of a pasted table something must stand: "37" and "4" are not "374".
const CELLS = /<\/t[dh]>(?=\s*<t[dh])/gi;
const TURNS = /[\u202A-\u202E\u2066-\u2069]/g;

const paper = document.querySelector("[data-draft]");
const unsent = new Unsent(document.body.dataset.person, paper.dataset.draft);

startTabs();
if (paper.hasAttribute("data-frozen")) showLeftOver();
else startDrafting();

/** A frozen text: only what this device could not send before is offered. */
async function showLeftOver() {
  const status = new Status();
  for (const record of await unsent.left()) status.offer(record.lines ?? typedIn(record.update), () => unsent.forget(record));
}

async function startDrafting() {
  const doc = new Y.Doc();
  const status = new Status();
  const said = { lines: [] };
  const composition = new Composition();
  let editor = null;
  const provider = new DraftProvider({
    socket: connection(),
    statement: paper.dataset.draft,
    doc,
    unsent,
    busy: () => composition.busy,
    lines: () => unsavedLines(editor, said.lines),
    changed: (state) => {
      if (!editor) return;
      if (state.waiting === 0 && state.opened) said.lines = linesOf(editor.state.doc);
      editor.setEditable(state.opened && !state.ended, false);
      if (state.ended) endTools();
      status.show(state, () => unsavedLines(editor, said.lines));
    },
  });
  editor = makeEditor(doc, provider, status);
  globalThis.desk = { ...globalThis.desk, draft: { editor, provider, doc } };
  editor.view.dom.addEventListener("keydown", (event) => editor.isEditable || event.stopPropagation());
  composition.follow(editor.view.dom, () => provider.release());
  followTyping(provider, paper);
  provider.awareness.on("change", () => showPeople(provider));
  editor.on("update", () => showText(editor));
  startTools(editor, provider);
  await provider.start();
  showText(editor);
  offerLeftOver(status);
}

function makeEditor(doc, provider, status) {
  return new Editor({
    element: paper.querySelector("[data-draft-text]"),
    injectCSS: false,
    editable: false,
    extensions: [
      ...schema({ tooLong: () => status.warn(t("This text is longer than a statement may be. What was pasted is not in it.")) }),
      Collaboration.configure({ document: doc }),
      carets(provider),
    ],
    editorProps: {
      transformPastedHTML: (html) => withoutTurns(html.replaceAll(CELLS, " | $&")),
      transformPastedText: withoutTurns,
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": t("Text of the statement"),
        class: "draft-text",
        // Keeps the focus when writing ends, so that what is still typed is not taken for the page's single keys.
        tabindex: "0",
        spellcheck: "false",
        autocapitalize: "sentences",
      },
    },
  });
}

// Marks that turn the direction of writing would show other digits than those that are signed; the desk drops them.
function withoutTurns(text) {
  return text.replaceAll(TURNS, "");
}

function showText(editor) {
  showOpenPlaces(editor);
  showTokens(editor);
}

function unsavedLines(editor, saved) {
  const known = new Set(saved);
  return linesOf(editor.state.doc).filter((line) => !known.has(line));
}

// What was typed in a change, without the text it belongs to: it was kept before anybody knew that writing had ended.
function typedIn(update) {
  const texts = Y.decodeUpdate(update).structs.map(({ content }) => (content instanceof Y.ContentString ? content.str : "\n"));
  return texts.join("").split("\n").filter((line) => line.trim());
}

async function offerLeftOver(status) {
  for (const record of await unsent.left()) {
    if (record.lines) status.offer(record.lines, () => unsent.forget(record));
  }
}
