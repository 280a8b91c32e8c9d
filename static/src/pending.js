// A row for something that is on its way: dashed, until the desk has it.

import { element, fill } from "./elements.js";
import { draw } from "./icons.js";
import { drop } from "./offline.js";
import { textOf } from "./refused.js";
import { t } from "./words.js";

/**
 * Puts a row for the request at the end of a list. The answer tells it what became of the request:
 * `waits`, `saved`, `refused(title, putBack)`, `gone`.
 */
export function showWaiting(list, request) {
  const text = element("span", {}, textOf(request));
  const mark = element("span", { class: "st wait" });
  const row = element(list.matches("ul, ol") ? "li" : "div", { class: "pend sm", "data-keep": "" }, text, " ", mark);
  fill(mark, draw("upload"), t("not saved yet – sending"));
  list.append(row);
  return {
    waits: (answer) => fill(mark, draw("upload"), answer.status === 401 ? signIn() : t("not saved yet – kept in this device")),
    saved: () => row.remove(),
    gone: () => row.remove(),
    refused: (title, putBack) => showRefused(row, mark, title, putBack, request),
  };
}

function signIn() {
  return element("a", { href: "/sign-in", target: "_blank", rel: "noopener" }, t("not saved yet – sign in in another window"));
}

function showRefused(row, mark, title, putBack, request) {
  mark.className = "st late";
  fill(mark, draw("ban"), title ?? t("not taken"));
  const again = element("button", { type: "button", class: "act slim ghost" }, t("Edit again"));
  const leave = element("button", { type: "button", class: "act slim ghost" }, t("Discard"));
  again.addEventListener("click", putBack);
  leave.addEventListener("click", () => {
    drop(request.key);
    row.remove();
  });
  row.append(again, leave);
}
