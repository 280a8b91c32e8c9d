// Who is in a room right now, as plates: <span class="avs" data-presence="incident:LUA-27" data-limit="5">.

import { element, fill } from "./elements.js";
import { presentIn } from "./live.js";
import { tn } from "./words.js";

const LIMIT = 3;

/** Fills every place below an element that shows who is present. */
export function showPresence(within = document) {
  for (const place of within.querySelectorAll("[data-presence]")) drawPlace(place);
}

export function startPresence() {
  showPresence();
  globalThis.addEventListener("desk:presence", ({ detail }) => {
    for (const place of document.querySelectorAll(`[data-presence="${CSS.escape(detail.room)}"]`)) drawPlace(place);
  });
}

function drawPlace(place) {
  const names = presentIn(place.dataset.presence).map(({ name }) => name);
  const limit = Number(place.dataset.limit ?? LIMIT);
  if (names.length === 0) return fill(place, element("span", { class: "faint" }, "–"));
  const others = names.slice(limit);
  return fill(place, ...names.slice(0, limit).map((name) => plate(initials(name), name)), others.length ? rest(others) : null);
}

function rest(names) {
  return plate(`+${names.length}`, names.join(", "), tn("%(num)s other", "%(num)s others", names.length));
}

function plate(letters, title, said = title) {
  return element("span", { class: "av", title }, element("span", { "aria-hidden": "true" }, letters), element("span", { class: "vh" }, said));
}

// As crisis_desk/platform/wording.py: a Vietnamese is called by the last two words of the name.
function initials(name) {
  const words = name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const letters = words.length < 2 ? words.join("").slice(0, 2) : words.at(-2)[0] + words.at(-1)[0];
  return letters.toLocaleUpperCase("vi");
}
