// Fragments from the server take the place of what they redraw, once per animation frame, and leave alone what the
// reader is doing: focus, half-typed text, open menus, scroll.
//   data-into="container id" [data-order="…"]   a fragment that is not on the page yet goes in there, in order
//   data-fresh            a row that shows a dot, and the word "new 22:43" in its [data-fresh-word][data-keep], when it changes
//   data-announce="…"     said aloud once
//   data-tail             a list that grows at its end: new items wait while the reader looks at older ones

import { Idiomorph } from "idiomorph";
import { timeNow, tick } from "./clock.js";
import { draw } from "./icons.js";
import { element, fill } from "./elements.js";
import { showControls } from "./may.js";
import { alarm } from "./say.js";
import { holdIfReadingAbove } from "./tail.js";
import { t } from "./words.js";

const waiting = new Map();
let scheduled = false;

const callbacks = {
  // The reader opened or closed it, and scripts show and hide controls: the server knows neither.
  beforeAttributeUpdated: (name, node) =>
    !(name === "open" && ["DETAILS", "DIALOG"].includes(node.nodeName)) &&
    !(name === "hidden" && node.matches("[data-verb], [data-kept-hidden]")),
  beforeNodeMorphed: (node) => !isBeingFilled(node) && !node.dataset?.keep,
  // What scripts put in is theirs to take out.
  beforeNodeRemoved: (node) => !node.dataset?.keep,
};

function isBeingFilled(node) {
  if (!node.matches?.("input, textarea, select")) return false;
  if (node.matches("[type=checkbox], [type=radio]")) return node.checked !== node.defaultChecked;
  if (node.nodeName === "SELECT") return node === document.activeElement;
  return node.value !== node.defaultValue;
}

/** Redraws elements by id in the next frame; of two drawings of one element only the later is used. */
export function redraw(fragments, { mine = false } = {}) {
  for (const [id, html] of Object.entries(fragments)) {
    waiting.delete(id);
    waiting.set(id, { html, mine });
  }
  schedule();
}

function schedule() {
  if (scheduled || waiting.size === 0) return;
  scheduled = true;
  // A hidden page gets no animation frames, and must be right when it is looked at again.
  if (document.hidden) setTimeout(flush);
  else requestAnimationFrame(flush);
}

/** Draws what waits, now. */
export function flush() {
  scheduled = false;
  const batch = [...waiting];
  waiting.clear();
  for (const [id, { html, mine }] of batch) place(id, html, mine);
}

/** Whether every drawing that arrived is on the page. */
export function isDrawn() {
  return waiting.size === 0;
}

function place(id, html, mine) {
  const present = document.getElementById(id);
  const next = parsed(html);
  if (!next) present?.remove();
  else if (present) change(present, next, mine);
  else insert(next, mine);
}

/** The first element of the markup, or null when there is none. */
export function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return holder.content.firstElementChild;
}

/** Makes an element what another one says, in place; returns the element that is on the page afterwards. */
export function change(present, next, mine = false) {
  const before = wordsOf(present);
  const wasFresh = present.classList.contains("fresh");
  const [changed] = Idiomorph.morph(present, next, { morphStyle: "outerHTML", callbacks });
  if (wasFresh) changed.classList.add("fresh");
  settle(changed);
  if (changed.dataset.announce) alarm(changed.dataset.announce, changed.id);
  if (!mine && wordsOf(changed) !== before) refresh(changed);
  return changed;
}

function insert(next, mine) {
  const container = document.getElementById(next.dataset.into);
  if (!container) return;
  container.insertBefore(next, follower(container, next));
  settle(next);
  if (next.dataset.announce) alarm(next.dataset.announce, next.id);
  if (!mine) {
    refresh(next);
    holdIfReadingAbove(next);
  }
}

// Orders are compared as numbers where both are, so that 10 follows 9.
function follower(container, next) {
  const order = next.dataset.order;
  if (order === undefined) return container.querySelector(":scope > [data-stays-last]");
  const later = (item) => item.dataset.order !== undefined && order.localeCompare(item.dataset.order, "en", { numeric: true }) < 0;
  return [...container.children].find(later) ?? container.querySelector(":scope > [data-stays-last]");
}

function settle(changed) {
  tick(changed);
  tick(changed.parentElement ?? changed);
  showControls(changed);
}

// Running clocks change by themselves: they are no news.
function wordsOf(item) {
  const copy = item.cloneNode(true);
  for (const moving of copy.querySelectorAll(".words, [data-left], [data-age], [data-keep], [data-fresh-word]")) moving.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

/** Takes the marks away from the row that the reader has now come to. */
export function noteRead(event) {
  const row = event.target.closest?.(".fresh");
  if (!row) return;
  row.classList.remove("fresh");
  row.querySelector("[data-fresh-word]")?.replaceChildren();
}

/** Marks a row as changed just now, by a dot and a word. */
export function refresh(changed) {
  const row = changed.closest("[data-fresh]");
  if (!row) return;
  row.classList.remove("fresh");
  void row.offsetWidth; // Restarts the tint's animation.
  row.classList.add("fresh");
  const word = row.querySelector("[data-fresh-word]");
  if (word) fill(word, element("span", { class: "st mine" }, draw("circle-dot"), t("new %(time)s", { time: timeNow() })));
}
