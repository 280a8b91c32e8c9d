// What was typed into a form and not sent yet, kept in this device for each window by itself: one window sending or
// closing takes nothing from another. What a closed window left is offered in the next one that shows the form.

import { keep, kept, keptNames } from "./store.js";

const WINDOW = "desk:window";

const here = ownWindow();
const lock = `desk:window:${here}`;

// A reload keeps the name; a window opened as a copy of this one takes another.
function ownWindow() {
  const isReload = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  try {
    const name = (isReload && sessionStorage.getItem(WINDOW)) || crypto.randomUUID();
    sessionStorage.setItem(WINDOW, name);
    return name;
  } catch {
    return crypto.randomUUID();
  }
}

function place(form, window) {
  return `text:${form}@${window}`;
}

/** Keeps what stands in the form of this name in this window; no values forget it. */
export function keepTyped(form, values) {
  keep(place(form, here), values.length ? { at: Date.now(), values } : null);
}

/** What this window typed before it was loaded anew, or an empty list. */
export function typedHere(form) {
  return kept(place(form, here), { values: [] }).values;
}

/** What windows that are closed now left: [{window, at, values}], oldest first. */
export async function leftBehind(form) {
  const open = await openWindows();
  const left = [];
  for (const name of keptNames(place(form, ""))) {
    const window = name.slice(place(form, "").length);
    if (window !== here && !open.has(window)) left.push({ window, ...kept(name) });
  }
  return left.sort((one, other) => one.at - other.at);
}

/** Forgets what a closed window left. */
export function forgetLeft(form, { window }) {
  keep(place(form, window), null);
}

/** Lays values aside as if a closed window had left them; answers the record. */
export function leave(form, values) {
  const record = { at: Date.now(), values };
  const window = crypto.randomUUID();
  keep(place(form, window), record);
  return { window, ...record };
}

// Each window holds a lock of its name for as long as it stands.
async function openWindows() {
  if (!navigator.locks) return new Set();
  const { held } = await navigator.locks.query();
  return new Set(held.map(({ name }) => name.split(":").at(-1)));
}

navigator.locks?.request(lock, () => new Promise(() => {}));
