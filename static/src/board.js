// page
// The board: rows change in place and never jump. A row whose place changed waits in a strip until the reader says
// "." or leaves the page; a new row goes to the end of its group.
//   <tbody data-group="open"> <tr id="incident-LUA-27" data-row data-code="LUA-27" data-sequence="12" data-group="open" data-key="…">

import { draw } from "./icons.js";
import { element, fill } from "./elements.js";
import { noteCard, watch } from "./live.js";
import { change, parsed, refresh } from "./morph.js";
import { alarm } from "./say.js";
import { t, tn } from "./words.js";

const board = document.getElementById("board");
const strip = document.getElementById("board-strip");
const moved = new Set();

function rows() {
  return [...board.querySelectorAll("[data-row]")];
}

function rowOf(code) {
  return rows().find((row) => row.dataset.code === code);
}

function groupOf(name) {
  return board.querySelector(`[data-group="${CSS.escape(name)}"]:not([data-row])`);
}

function takeCard(card) {
  const row = rowOf(card.code);
  if (card.gone) return row && leave(row);
  const next = parsed(card.html);
  if (row) return redrawRow(row, next);
  return addRow(next);
}

// A row that went away stays in its place, struck out, until the reader puts the board in order.
function leave(row) {
  if (row.contains(document.activeElement) || row.matches(":hover")) {
    row.classList.add("is-gone");
    moved.add(row.dataset.code);
    return showStrip();
  }
  row.remove();
  return count();
}

function redrawRow(row, next) {
  const placed = row.dataset.placed ?? placeOf(row);
  const changed = change(row, next);
  changed.dataset.placed = placed;
  if (placeOf(changed) === placed) moved.delete(changed.dataset.code);
  else moved.add(changed.dataset.code);
  showStrip();
}

function placeOf(row) {
  return `${row.dataset.group} ${row.dataset.key}`;
}

function addRow(row) {
  const group = groupOf(row.dataset.group);
  if (!group) return;
  group.hidden = false;
  group.append(row);
  row.dataset.placed = placeOf(row);
  refresh(row);
  if (row.dataset.announce) alarm(row.dataset.announce, row.id);
  count();
}

function showStrip() {
  strip.hidden = moved.size === 0;
  if (moved.size === 0) return;
  const text = tn("%(num)s row waits to move", "%(num)s rows wait to move", moved.size);
  const hint = element("span", { class: "only-l" }, t("– press . to put them in order"));
  fill(strip, draw("arrow-up"), element("span", {}, text), hint);
}

/** Puts every row where it belongs, keeping the focus. */
function putInOrder() {
  const focused = document.activeElement;
  for (const gone of board.querySelectorAll(".is-gone")) gone.remove();
  const ordered = rows().sort((one, other) => one.dataset.key.localeCompare(other.dataset.key, "en", { numeric: true }));
  for (const row of ordered) {
    groupOf(row.dataset.group)?.append(row);
    row.dataset.placed = placeOf(row);
  }
  moved.clear();
  showStrip();
  count();
  if (document.contains(focused)) focused.focus({ preventScroll: true });
}

function count() {
  for (const group of board.querySelectorAll("[data-group]:not([data-row])")) {
    const here = group.querySelectorAll("[data-row]").length;
    const number = group.querySelector("[data-count]");
    if (number) number.textContent = here;
    group.hidden = here === 0;
  }
  const empty = document.getElementById("board-empty");
  if (empty) empty.hidden = rows().length > 0;
}

// The page itself is the freshest list there is: after a long absence it is fetched once and taken row by row.
async function fetchBoard(room) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const row of page.querySelectorAll("#board [data-row]")) {
    const sequence = Number(row.dataset.sequence);
    const { code } = row.dataset;
    if (sequence <= (room.cards.get(code) ?? 0) && rowOf(code)) continue;
    noteCard(room, code, sequence);
    takeCard({ code, sequence, html: row.outerHTML });
  }
}

if (board) {
  const room = watch("board", { onCard: takeCard, onGap: () => fetchBoard(room) });
  for (const row of rows()) {
    noteCard(room, row.dataset.code, Number(row.dataset.sequence));
    row.dataset.placed = placeOf(row);
  }
  strip.addEventListener("click", putInOrder);
  globalThis.addEventListener("desk:reorder", putInOrder);
  document.addEventListener("visibilitychange", () => document.hidden && putInOrder());
}
