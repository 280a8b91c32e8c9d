// What is done to a text besides typing: marks and lists, links, tokens with bounds; naming and submitting it.

import { showBlocked } from "./draft_panels.js";
import { boundsOf, ends, fieldValue, NUMBER } from "./draft_tokens.js";
import { openDialog } from "./menu.js";
import { send } from "./send.js";
import { t } from "./words.js";

const ACTS = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  heading: (chain) => chain.toggleHeading({ level: 2 }),
  bullets: (chain) => chain.toggleBulletList(),
  numbers: (chain) => chain.toggleOrderedList(),
  quote: (chain) => chain.toggleBlockquote(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
};
const STATES = { bold: ["bold"], italic: ["italic"], heading: ["heading"], bullets: ["bulletList"], numbers: ["orderedList"], quote: ["blockquote"] };
const TOOLS = "[data-draft-act], [data-token-bounds], [data-draft-submit], [data-insert-token]";
const CHECKING = 2_000;

export function startTools(editor, provider) {
  document.addEventListener("click", (event) => clicked(event, editor, provider));
  editor.on("transaction", () => showPressed(editor));
  onSubmit("draft-link", (form) => setLink(editor, form));
  onSubmit("draft-bounds", (form) => setBounds(editor, form));
  keepChecks(provider);
}

/** Nothing more can be done to the text: no tool looks as if it could. */
export function endTools() {
  for (const button of document.querySelectorAll(TOOLS)) {
    button.setAttribute("aria-disabled", "true");
    button.dataset.ended = "";
  }
  for (const button of document.querySelectorAll("[data-opens=draft-name]")) button.hidden = true;
}

function clicked(event, editor, provider) {
  const button = event.target.closest?.(TOOLS);
  if (!button || !editor.isEditable) return;
  if (button.dataset.draftAct === "link") openLink(editor);
  else if (button.dataset.draftAct === "slot") insertSlot(editor);
  else if (button.dataset.draftAct) ACTS[button.dataset.draftAct](editor.chain().focus()).run();
  else if (button.dataset.insertToken) insertToken(editor, button.dataset.insertToken, button.dataset.bounds);
  else if (button.dataset.tokenBounds) openBounds(button.dataset);
  else if (button.getAttribute("aria-disabled") !== "true") submit(provider, button);
}

function showPressed(editor) {
  for (const button of document.querySelectorAll("[data-draft-act]")) {
    const state = STATES[button.dataset.draftAct];
    if (state) button.setAttribute("aria-pressed", String(editor.isActive(...state)));
  }
}

function onSubmit(id, done) {
  const form = document.getElementById(id)?.querySelector("form");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    done(form);
    form.closest("dialog").close();
  });
}

// ---- links, tokens, places ----

function openLink(editor) {
  const form = document.getElementById("draft-link").querySelector("form");
  form.elements.target.value = editor.getAttributes("link").href ?? "";
  openDialog("draft-link");
}

function setLink(editor, form) {
  const target = form.elements.target.value.trim();
  const chain = editor.chain().focus().extendMarkRange("link");
  if (target) chain.setLink({ href: target }).run();
  else chain.unsetLink().run();
}

function insertSlot(editor) {
  editor.chain().focus().insertContent({ type: "slot", attrs: { name: t("to be filled in") } }).run();
}

function insertToken(editor, name, bounds = "..") {
  editor.chain().focus().insertContent({ type: "token", attrs: { name, bounds } }).run();
}

function openBounds({ tokenBounds: name, bounds }) {
  const form = document.getElementById("draft-bounds").querySelector("form");
  const [low, high] = ends(name, bounds);
  form.dataset.name = name;
  for (const [field, end] of [["low", low], ["high", high]]) {
    form.elements[field].type = name === NUMBER ? "number" : "datetime-local";
    form.elements[field].value = fieldValue(name, end);
  }
  openDialog("draft-bounds");
}

function setBounds(editor, form) {
  const { name } = form.dataset;
  const bounds = boundsOf(name, form.elements.low.value, form.elements.high.value);
  const { tr, doc } = editor.state;
  doc.descendants((node, position) => {
    if (node.type.name === "token" && node.attrs.name === name) tr.setNodeAttribute(position, "bounds", bounds);
  });
  editor.view.dispatch(tr);
}

// ---- submitting, and what the checks say ----

async function submit(provider, button) {
  const said = document.querySelector("[data-draft-said]");
  const show = (text) => {
    said.textContent = text;
    said.hidden = false;
  };
  if (provider.status.waiting > 0) return show(t("Some of what was typed is not saved yet. Please submit again in a moment."));
  button.setAttribute("aria-disabled", "true");
  const request = { method: "POST", path: button.dataset.draftSubmit, body: { overrides: overrides() }, key: crypto.randomUUID() };
  const answer = await send(request);
  button.setAttribute("aria-disabled", "false");
  if (answer.ok) return location.reload();
  const reasons = Object.values(answer.body?.errors ?? {}).flat();
  return show([answer.body?.title ?? t("The desk did not answer. Nothing was submitted."), ...reasons].join(" "));
}

/** The warnings that somebody gave a reason for. */
function overrides() {
  return [...document.querySelectorAll("[data-draft-checks] [data-check]")]
    .map((note) => ({ check: note.dataset.check, block: Number(note.dataset.block), reason: note.querySelector("input")?.value.trim() ?? "" }))
    .filter(({ reason }) => reason);
}

// The checks are the server's. After one's own change is saved the page is asked for them again, without moving what
// somebody is doing in them.
function keepChecks(provider) {
  let timer = null;
  provider.doc.on("update", () => {
    clearTimeout(timer);
    timer = setTimeout(() => refreshChecks(provider), CHECKING);
  });
}

async function refreshChecks(provider) {
  const panel = document.querySelector("[data-draft-checks]");
  if (!panel || panel.contains(document.activeElement) || !provider.status.synced || document.hidden) return;
  const page = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!page?.ok) return;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-draft-checks]");
  if (!fresh || panel.contains(document.activeElement) || fresh.innerHTML === panel.innerHTML) return;
  const reasons = new Map([...panel.querySelectorAll("input")].map((field) => [field.id, field.value]));
  panel.replaceChildren(...fresh.childNodes);
  for (const field of panel.querySelectorAll("input")) field.value = reasons.get(field.id) ?? field.value;
  showBlocked();
}
