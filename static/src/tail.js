// A list that grows at its end, as the log does: what arrives waits behind a strip while the reader looks at older
// lines, and shows at once when the end is in sight.
//   <div data-tail="log-strip"> <ol> … </ol> </div>   <button class="held" id="log-strip" hidden>

import { element, fill } from "./elements.js";
import { draw } from "./icons.js";
import { tn } from "./words.js";

const NEAR_END = 24;

/** Hides a new item until the reader comes to the end of its list; does nothing elsewhere. */
export function holdIfReadingAbove(item) {
  const list = item.closest("[data-tail]");
  if (!list || isAtEnd(list)) return;
  item.hidden = true;
  item.dataset.waiting = "";
  showStrip(list);
}

// In a list laid out from its end, scrollTop is 0 there and negative above.
function isAtEnd(list) {
  const reversed = getComputedStyle(list).flexDirection === "column-reverse";
  const distance = reversed ? -list.scrollTop : list.scrollHeight - list.clientHeight - list.scrollTop;
  return distance < NEAR_END;
}

function stripOf(list) {
  return document.getElementById(list.dataset.tail);
}

function waitingIn(list) {
  return [...list.querySelectorAll("[data-waiting]")];
}

function showStrip(list) {
  const strip = stripOf(list);
  const count = waitingIn(list).length;
  strip.hidden = count === 0;
  fill(strip, draw("arrow-down"), element("span", {}, tn("%(num)s new line", "%(num)s new lines", count)));
}

function release(list) {
  for (const item of waitingIn(list)) {
    item.hidden = false;
    delete item.dataset.waiting;
  }
  stripOf(list).hidden = true;
}

function showEnd(list) {
  release(list);
  const reversed = getComputedStyle(list).flexDirection === "column-reverse";
  list.scrollTop = reversed ? 0 : list.scrollHeight;
}

export function startTails() {
  for (const list of document.querySelectorAll("[data-tail]")) {
    list.addEventListener("scroll", () => isAtEnd(list) && release(list), { passive: true });
    stripOf(list).addEventListener("click", () => showEnd(list));
  }
}
