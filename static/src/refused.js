// What waited in this device and was refused while its form was on no page: shown on every page, to be copied, until
// the person puts it away.

import { copyText } from "./copying.js";
import { element } from "./elements.js";
import { draw } from "./icons.js";
import { alarm } from "./say.js";
import { keep, kept, storageKey } from "./store.js";
import { t } from "./words.js";

const REFUSED = "refused";

/** What a person typed into a request, in one line. */
export function textOf({ values, body }) {
  const texts = values.map(([, value]) => (Array.isArray(value) ? "" : value)).filter(Boolean);
  return texts.join(" · ") || Object.values(body ?? {}).join(" · ");
}

/** Keeps what was refused, with the desk's reason. */
export function keepRefused(request, answer) {
  const others = kept(REFUSED, []).filter(({ key }) => key !== request.key);
  keep(REFUSED, [...others, { key: request.key, text: textOf(request), title: answer.body?.title ?? t("not taken") }]);
  globalThis.dispatchEvent(new Event("desk:refused"));
}

export function startRefused() {
  globalThis.addEventListener("desk:refused", show);
  globalThis.addEventListener("storage", ({ key }) => key === storageKey(REFUSED) && show());
  show();
}

function show() {
  for (const bar of document.querySelectorAll("[data-refused]")) bar.remove();
  const main = document.getElementById("main");
  for (const one of kept(REFUSED, [])) main.before(barOf(one));
}

function barOf({ key, text, title }) {
  const sentence = `${t("Typed here, but not saved")}: ${title}`;
  const field = element("textarea", { class: "field", readonly: "", rows: "2", "aria-label": t("Not saved") });
  field.value = text;
  const copy = element("button", { type: "button", class: "act slim main" }, t("Copy"));
  const away = element("button", { type: "button", class: "act slim" }, t("Put away"));
  copy.addEventListener("click", () => copyText(field));
  away.addEventListener("click", () => putAway(key));
  alarm(sentence, key);
  const said = element("span", {}, element("b", {}, sentence));
  return element("section", { class: "bar", "data-is": "refused", "data-refused": "", "aria-label": t("Not saved") }, draw("ban"), said, field, copy, away);
}

function putAway(key) {
  const left = kept(REFUSED, []).filter((one) => one.key !== key);
  keep(REFUSED, left.length ? left : null);
  show();
}
