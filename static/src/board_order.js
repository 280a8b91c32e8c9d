// How the reader wants the board: groups, order, severities, words. Her choices stay on this device.

import { matches } from "./folding.js";
import { keep, kept } from "./store.js";

const CHOICES = { grouping: "status", order: "due", severity: "1" };
const chosen = kept("board", {});
const words = document.getElementById("q");

const orders = {
  due: (one, other) => compare(one.dataset.key, other.dataset.key),
  severity: (one, other) => other.dataset.severity - one.dataset.severity || orders.due(one, other),
  received: (one, other) => compare(other.dataset.received, one.dataset.received) || orders.due(one, other),
};

function compare(one, other) {
  return one.localeCompare(other, "en", { numeric: true });
}

function choice(name) {
  return chosen[name] ?? CHOICES[name];
}

/** Which of two rows comes first. */
export function inOrder(one, other) {
  return orders[choice("order")](one, other);
}

/** The name of the group in which a row stands; drills stay apart however the rest is grouped. */
export function groupName({ dataset }) {
  return choice("grouping") === "status" || dataset.group === "drill" ? dataset.group : `severity-${dataset.severity}`;
}

/** What decides where a row stands: when it changes, the row waits to be moved. */
export function placeOf(row) {
  const { key, severity, received } = row.dataset;
  return [groupName(row), ...{ due: [key], severity: [severity, key], received: [received] }[choice("order")]].join(" ");
}

/** Whether the row is among those that the reader wants to see now. */
export function isWanted(row) {
  return Number(row.dataset.severity) >= Number(choice("severity")) && matches(row.textContent, words?.value ?? "");
}

/** The words that the reader looks for, or "". */
export function wantedWords() {
  return words?.value.trim() ?? "";
}

/** Shows every row again. */
export function dropFilter() {
  if (words) words.value = "";
  set("severity", "1");
  for (const field of document.querySelectorAll("#board-severity")) field.value = "1";
}

function set(name, value) {
  chosen[name] = value;
  keep("board", chosen);
}

/** Calls `reorder` after a change of groups or order, `refilter` after a change of what is wanted. */
export function startOrder({ reorder, refilter }) {
  const calls = { grouping: reorder, order: reorder, severity: refilter };
  for (const [name, call] of Object.entries(calls)) {
    const field = document.getElementById(`board-${name}`);
    field.value = choice(name);
    field.addEventListener("change", () => {
      set(name, field.value);
      call();
    });
  }
  words.addEventListener("input", refilter);
  // A phone has no room for what is seldom used.
  const find = document.getElementById("board-find");
  find.addEventListener("click", () => {
    const isOpen = find.getAttribute("aria-expanded") === "true";
    find.setAttribute("aria-expanded", String(!isOpen));
    if (!isOpen) words.focus();
  });
}
