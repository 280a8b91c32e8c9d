// page
// The board: rows change in place and never jump. A row whose place changed waits in a strip until the reader says
// "." or leaves the page; a new row goes to the end of its group.
//   <tbody data-group="active"> <tr id="incident-LUA-27" data-row data-code="LUA-27" data-sequence="12" data-group="active" data-key="…">
// What stands of an incident beside the table carries data-of="LUA-27" and comes and goes with the row.

import { dropFilter, groupName, inOrder, isWanted, placeOf, startOrder, wantedWords } from "./board_order.js";
import { draw } from "./icons.js";
import { element, fill } from "./elements.js";
import { noteCard, watch } from "./live.js";
import { change, parsed, redraw, refresh } from "./morph.js";
import { showPresence, startPresence } from "./presence.js";
import { alarm, known } from "./say.js";
import { t, tn } from "./words.js";

const EVERY_SECOND = 1000;

const board = document.getElementById("board");
const strip = document.getElementById("board-strip");
const moved = new Set();

function rows() {
  return [...board.querySelectorAll("[data-row]")];
}

function rowOf(code) {
  return rows().find((row) => row.dataset.code === code);
}

function groupOf(row) {
  return board.querySelector(`tbody[data-group="${CSS.escape(groupName(row))}"]`);
}

function takeCard(card) {
  const row = rowOf(card.code);
  redrawBeside(card.code, card.fragments ?? {});
  if (card.gone) {
    if (row) leave(row);
  } else if (row) redrawRow(row, parsed(card.html));
  else addRow(parsed(card.html));
  count();
  globalThis.dispatchEvent(new Event("desk:row"));
}

// What is left out of the fragments does not hold any more.
function redrawBeside(code, fragments) {
  for (const item of document.querySelectorAll(`[data-of="${CSS.escape(code)}"]`)) {
    if (!(item.id in fragments)) item.remove();
  }
  redraw(fragments);
}

// A row that went away stays in its place, struck out, until the reader puts the board in order.
function leave(row) {
  if (row.contains(document.activeElement) || row.matches(":hover")) {
    row.classList.add("is-gone");
    moved.add(row.dataset.code);
    return showStrip();
  }
  return row.remove();
}

function redrawRow(row, next) {
  const placed = row.dataset.placed ?? placeOf(row);
  const changed = change(row, next);
  changed.dataset.placed = placed;
  if (placeOf(changed) === placed) moved.delete(changed.dataset.code);
  else moved.add(changed.dataset.code);
  showPresence(changed);
  showStrip();
}

function addRow(row) {
  groupOf(row).append(row);
  row.dataset.placed = placeOf(row);
  refresh(row);
  showPresence(row);
  if (row.dataset.announce) alarm(row.dataset.announce, row.id);
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
  for (const row of rows().sort(inOrder)) {
    groupOf(row).append(row);
    row.dataset.placed = placeOf(row);
  }
  moved.clear();
  showStrip();
  count();
  if (document.contains(focused)) focused.focus({ preventScroll: true });
}

/** Shows the wanted rows, and says how many there are. */
function count() {
  for (const row of rows()) row.hidden = !isWanted(row);
  for (const group of board.querySelectorAll("tbody[data-group]")) {
    const here = group.querySelectorAll("[data-row]:not([hidden])").length;
    group.querySelector("[data-count]").textContent = here;
    group.hidden = here === 0;
  }
  const all = rows().length;
  document.getElementById("board-empty").hidden = all > 0;
  board.hidden = all === 0;
  showNone(all > 0 && rows().every((row) => row.hidden), all);
  const closed = document.querySelector("[data-count-of=closed]");
  closed.textContent = document.querySelectorAll("#closed > li").length;
  countIncidents();
}

function countIncidents() {
  // The board is gone from a page whose right to it ended.
  const place = document.getElementById("board-counts");
  if (!place) return;
  const [drills, real] = [[], []];
  for (const row of rows()) (row.dataset.group === "drill" ? drills : real).push(row);
  const late = real.filter((row) => row.querySelector(".clk.late")).length;
  const parts = [tn("%(num)s incident", "%(num)s incidents", real.length)];
  if (late) parts.push(", ", element("b", { class: "fallen" }, t("%(num)s late", { num: late })));
  if (drills.length) parts.push(" ", element("span", { class: "dim" }, "· ", tn("%(num)s drill", "%(num)s drills", drills.length)));
  const said = element("p", {}, ...parts);
  if (place.textContent !== said.textContent) place.replaceChildren(...said.childNodes);
}

function showNone(is, all) {
  const place = document.getElementById("board-none");
  place.hidden = !is;
  if (!is) return;
  const words = wantedWords();
  const text = words ? t("No row matches “%(words)s”.", { words }) : t("No row has such a level.");
  const back = element("button", { type: "button", class: "act slim ghost" }, tn("Show all (%(num)s incident)", "Show all (%(num)s incidents)", all));
  back.addEventListener("click", () => {
    dropFilter();
    count();
  });
  fill(place, element("p", {}, text, " ", back));
}

// The page itself is the freshest list there is: after a long absence it is fetched once and taken row by row.
async function fetchBoard(room) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const row of page.querySelectorAll("#board [data-row]")) takeFetched(room, page, row);
  document.getElementById("closed").replaceChildren(...page.querySelectorAll("#closed > li"));
  count();
}

function takeFetched(room, page, { dataset: { code, sequence }, outerHTML: html }) {
  if (Number(sequence) <= (room.cards.get(code) ?? 0) && rowOf(code)) return;
  noteCard(room, code, Number(sequence));
  const beside = [...page.querySelectorAll(`[data-of="${CSS.escape(code)}"]`)];
  takeCard({ code, html, fragments: Object.fromEntries(beside.map((item) => [item.id, item.outerHTML])) });
}

const room = watch("board", { onCard: takeCard, onGap: () => fetchBoard(room) });
for (const row of rows()) {
  noteCard(room, row.dataset.code, Number(row.dataset.sequence));
  if (row.dataset.announce) known(row.dataset.announce, row.id);
}
startPresence();
startOrder({ reorder: putInOrder, refilter: count });
putInOrder();
setInterval(countIncidents, EVERY_SECOND);
strip.addEventListener("click", putInOrder);
globalThis.addEventListener("desk:reorder", putInOrder);
document.addEventListener("visibilitychange", () => document.hidden && putInOrder());
