// What was sent and is not acknowledged yet stays in this device, under the key it was first sent with, and goes out
// again, in order, until the desk has answered: the key makes sure that it is done once.

import { keepRefused } from "./refused.js";
import { keep, kept, storageKey } from "./store.js";
import { send } from "./send.js";

const OUTBOX = "outbox";
const RETRIES = [2_000, 5_000, 10_000, 30_000];

const listeners = new Map();
let failures = 0;
let timer = null;

/** All that waits in this device, oldest first. */
export function held() {
  return kept(OUTBOX, []);
}

export function heldCount() {
  return held().length;
}

/** Takes a request into the device and starts sending; `settled(answer)` is called if this page still stands then. */
export function hold(request, settled) {
  listeners.set(request.key, settled);
  store([...held().filter((item) => item.key !== request.key), request]);
  return deliver();
}

/** Takes a request out again, as when the person gives it up. */
export function drop(key) {
  listeners.delete(key);
  store(held().filter((item) => item.key !== key));
}

/** Calls `settled` when a request that an earlier page kept is answered. */
export function listen(key, settled) {
  listeners.set(key, settled);
}

export function startOffline() {
  for (const event of ["desk:connected", "online", "focus"]) globalThis.addEventListener(event, deliver);
  globalThis.addEventListener("storage", ({ key }) => key === storageKey(OUTBOX) && settledElsewhere());
  deliver();
}

// Several windows share one outbox: only one of them sends at a time.
export async function deliver() {
  if (heldCount() === 0) return;
  await alone(async () => {
    clearTimeout(timer);
    while (heldCount() > 0 && (await deliverFirst()));
  });
}

function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(storageKey(OUTBOX), work);
}

async function deliverFirst() {
  const [request] = held();
  const answer = await send(request);
  if (answer.again && !isHopeless(answer)) {
    listeners.get(request.key)?.(answer);
    retry(answer.wait);
    return false;
  }
  failures = 0;
  const settled = listeners.get(request.key);
  if (!settled && !answer.ok) keepRefused(request, answer);
  drop(request.key);
  settled?.({ ...answer, again: false });
  return true;
}

// Another window has the answer; what became of it shows there, and here by the live entry.
function settledElsewhere() {
  const waiting = new Set(held().map(({ key }) => key));
  for (const [key, settled] of listeners) {
    if (waiting.has(key)) continue;
    listeners.delete(key);
    settled({ elsewhere: true });
  }
  changed();
}

// A fault of the desk that comes back every time must not hold up what stands behind it.
function isHopeless(answer) {
  return answer.status === 500 && failures >= RETRIES.length;
}

function retry(wait) {
  const pause = wait ?? RETRIES[Math.min(failures, RETRIES.length - 1)];
  failures += 1;
  timer = setTimeout(deliver, pause);
}

function store(items) {
  keep(OUTBOX, items.length ? items : null);
  changed();
}

function changed() {
  globalThis.dispatchEvent(new Event("desk:held"));
}
