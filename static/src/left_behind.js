// What a closed window left unsent in a form: put into the empty form by itself, beside other text offered above it.

import { element } from "./elements.js";
import { putBack, typedValues } from "./fields.js";
import { textOf } from "./refused.js";
import { forgetLeft, keepTyped, leftBehind, leave } from "./typed.js";
import { t } from "./words.js";

/** Looks for what closed windows left of the form, as `nameOf` calls it now, and gives it back. */
export async function giveBack(form, nameOf) {
  const name = nameOf(form);
  const left = await leftBehind(name);
  // A dialog may be about another thing by now, and that has its own.
  if (nameOf(form) !== name) return;
  for (const bar of form.querySelectorAll("[data-left-behind]")) bar.remove();
  if (left.length && isFree(form)) take(form, name, left.pop());
  for (const one of left) offer(form, name, one);
}

function isFree(form) {
  return form.dataset.sending === undefined && typedValues(form).length === 0;
}

// It moves: kept for this window first, and only then forgotten for the one that is gone.
function take(form, name, one) {
  putBack(form, one.values);
  keepTyped(name, typedValues(form));
  forgetLeft(name, one);
}

function offer(form, name, one) {
  const put = element("button", { type: "button", class: "act slim" }, t("Put it in"));
  const away = element("button", { type: "button", class: "act slim ghost" }, t("Discard"));
  const text = element("span", {}, element("b", {}, t("Typed in a window that is closed now, not sent:")), ` ${textOf(one)}`);
  const bar = element("div", { class: "bar said", "data-is": "wait", "data-keep": "", "data-left-behind": "", role: "status" }, text, put, away);
  put.addEventListener("click", () => {
    bar.remove();
    exchange(form, name, one);
  });
  away.addEventListener("click", () => {
    bar.remove();
    forgetLeft(name, one);
  });
  form.append(bar);
}

// What stands in the form makes room and is offered in its turn.
function exchange(form, name, one) {
  const present = typedValues(form);
  if (present.length) offer(form, name, leave(name, present));
  form.reset();
  take(form, name, one);
}
