// Beside the paper: what stands open, what is filled at release, who is here. Redrawn as the text changes.

import { colourOf, peopleAt } from "./draft_carets.js";
import { openPlaces, tokensIn } from "./draft_schema.js";
import { boundsShown, tokenName } from "./draft_tokens.js";
import { element, fill } from "./elements.js";
import { draw } from "./icons.js";
import { t, tn } from "./words.js";

let drawnPlaces = null;
let drawnTokens = null;

/** The places that keep the text from being submitted, each leading to it. */
export function showOpenPlaces(editor) {
  const places = openPlaces(editor.state.doc);
  const key = JSON.stringify(places);
  if (key === drawnPlaces) return;
  drawnPlaces = key;
  const list = document.querySelector("[data-draft-open]");
  if (list) fill(list, ...places.map((open) => openNote(editor, open)));
  showBlocked();
}

/** Says how much stands in the way of submitting: what the desk's checks found, and what is still open. */
export function showBlocked() {
  const found = document.querySelectorAll("[data-draft-checks] [data-level='block']").length;
  const count = found + JSON.parse(drawnPlaces ?? "[]").length;
  for (const place of document.querySelectorAll("[data-draft-blocked]")) {
    place.textContent = count ? tn("%(num)s stops", "%(num)s stop", count) : "";
  }
  const submit = document.querySelector("[data-draft-submit]");
  if (submit && submit.dataset.ended === undefined) submit.setAttribute("aria-disabled", String(count > 0));
}

function openNote(editor, { name, place, position }) {
  const at = element("button", { class: "act slim ghost at", type: "button" }, place ? t("part %(place)s", { place }) : t("title"));
  at.addEventListener("click", () => editor.chain().focus().setNodeSelection(position).scrollIntoView().run());
  const isToken = ["issued_at", "sequence_number", "next_update_at"].includes(name);
  const sentence = isToken
    ? t("“%(name)s” is filled at release and has no bounds yet.", { name: tokenName(name) })
    : t("“%(name)s” is still to be filled in.", { name });
  const words = element("span", { class: "grow" }, element("b", { class: "fallen" }, draw("ban"), ` ${t("Stops.")} `), sentence);
  return element("div", { class: "note" }, element("div", { class: "flex up" }, at, words));
}

/** The tokens of the text with their bounds. */
export function showTokens(editor) {
  const tokens = tokensIn(editor.state.doc);
  const key = JSON.stringify(tokens);
  if (key === drawnTokens) return;
  drawnTokens = key;
  const list = document.querySelector("[data-draft-tokens]");
  if (list) fill(list, ...tokens.map(tokenRow));
}

function tokenRow({ name, bounds }) {
  const change = element("button", { class: "act slim", type: "button", "data-token-bounds": name, "data-bounds": bounds }, t("Bounds…"));
  const words = element("span", { class: "dim sub" }, boundsShown(name, bounds) || t("no bounds yet"));
  return element("li", {}, element("span", {}, element("span", { class: "token" }, tokenName(name))), change, words);
}

/** Plates of the others at the text. */
export function showPeople(provider) {
  const holder = document.querySelector("[data-draft-people]");
  if (!holder) return;
  const plates = peopleAt(provider).map(({ person, name }) =>
    element("span", { class: `av ${colourOf(person)}`, title: name }, element("span", { "aria-hidden": "true" }, initials(name)), element("span", { class: "vh" }, name)),
  );
  fill(holder, ...plates);
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  return words.slice(-2).map((word) => word[0] ?? "").join("").toLocaleUpperCase("vi");
}
