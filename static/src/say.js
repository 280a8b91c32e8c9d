// What a screen reader is told without moving the focus. base.html holds the two regions.

const announced = new Set();

/** Politely, when the reader pauses. */
export function say(text) {
  const region = document.getElementById("said");
  if (region) region.textContent = text;
}

/** At once, and each sentence about the same thing only once. */
export function alarm(text, about = text) {
  const region = document.getElementById("alarm");
  const key = `${about} ${text}`;
  if (!region || announced.has(key)) return;
  announced.add(key);
  region.textContent = text;
}

/** Notes that the page showed this from the start, so that nobody needs to be told. */
export function known(text, about = text) {
  announced.add(`${about} ${text}`);
}
