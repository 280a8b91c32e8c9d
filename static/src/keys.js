// One key for what is done often. Off while typing, off altogether when the reader says so.
//   n new incident · / search · j k rows · Enter open · . put rows in order · g 1-3 column · e entry line · ? all keys
// Pages mark their places: data-key-target="intake" | "search" | "entry" | "column-1" …; rows are [data-row].

import { openDialog } from "./menu.js";
import { keep, kept } from "./store.js";

const TYPING = "input, textarea, select, [contenteditable=true], [contenteditable='']";
const PAUSE = 1_500;

let pressedG = 0;

export function startKeys() {
  document.addEventListener("keydown", pressed);
  if (location.hash === "#intake") goTo("intake")();
  const box = document.getElementById("keys-off");
  if (!box) return;
  box.checked = kept("keys-off", false);
  box.addEventListener("change", () => keep("keys-off", box.checked || null));
}

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches?.(TYPING) || document.querySelector("dialog[open]") || kept("keys-off", false)) return;
  const act = actionOf(event.key);
  pressedG = event.key === "g" ? event.timeStamp : 0;
  if (!act) return;
  if (act() !== false) event.preventDefault();
}

function actionOf(key) {
  const actions = {
    n: goTo("intake", "#intake"),
    "/": goTo("search"),
    e: goTo("entry"),
    j: () => step(1),
    k: () => step(-1),
    ".": () => globalThis.dispatchEvent(new Event("desk:reorder")),
    "?": () => openDialog("keys"),
  };
  if (pressedG && performance.now() - pressedG < PAUSE && "123".includes(key)) return goTo(`column-${key}`);
  return actions[key];
}

function goTo(name, elsewhere = null) {
  return () => {
    const target = document.querySelector(`[data-key-target="${name}"]`);
    if (target) target.focus();
    else if (elsewhere) location.assign(document.querySelector("[data-home]").href + elsewhere);
    else return false;
    return true;
  };
}

// The focus sits on the row's own link, so Enter opens it without our doing.
function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  if (!next) return false;
  (next.querySelector("a[href], button") ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}
