// What is saved and what is not, in one line; and what could not be saved, offered for copying.

import { shown } from "./clock.js";
import { copyText } from "./copying.js";
import { element, fill } from "./elements.js";
import { draw } from "./icons.js";
import { alarm } from "./say.js";
import { t, tn } from "./words.js";

const WARNING = 8_000;
const RELOADED = new Set(["frozen", "thawed"]);

export class Status {
  constructor() {
    this.line = document.querySelector("[data-draft-status]");
    this.bar = document.querySelector("[data-draft-bar]");
    this.offered = document.querySelector("[data-draft-unsaved]");
    this.written = "";
    this.isWarning = false;
  }

  /** Shows how the draft stands; `unsaved()` gives the lines that are not on disk. */
  show(state, unsaved) {
    this.write(...sentence(state));
    const problem = problemOf(state);
    if (!this.isWarning) this.showBar(problem, RELOADED.has(state.ended?.reason));
    if (state.ended && state.waiting > 0) this.offer(unsaved(), null);
  }

  /** A sentence that stands for a while. */
  warn(text) {
    this.isWarning = true;
    this.showBar(text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.isWarning = false;
      this.showBar(null);
    }, WARNING);
  }

  write(is, icon, text) {
    if (!this.line || text === this.written) return;
    this.written = text;
    if (is) this.line.dataset.is = is;
    else delete this.line.dataset.is;
    fill(this.line, draw(icon), text);
  }

  showBar(text, isReloaded = false) {
    if (!this.bar || text === this.said) return;
    this.said = text;
    this.bar.hidden = !text;
    if (!text) return;
    const more = isReloaded ? [element("a", { class: "act slim", href: location.pathname }, t("Reload the page"))] : [];
    fill(this.bar, draw("ban"), element("span", {}, element("b", {}, text)), ...more);
    alarm(text, text);
  }

  /** Offers lines that are not on disk: to copy, and, with `forget`, to put away. */
  offer(lines, forget) {
    if (!this.offered || lines.length === 0 || this.offered.dataset.lines === lines.join("\n")) return;
    this.offered.dataset.lines = lines.join("\n");
    this.offered.hidden = false;
    const text = element("textarea", { class: "field", readonly: "", rows: "4", "aria-label": t("Not saved") });
    text.value = lines.join("\n");
    const copy = element("button", { class: "act slim main", type: "button" }, t("Copy"));
    copy.addEventListener("click", () => copyText(text));
    const away = element("button", { class: "act slim", type: "button" }, t("Put away"));
    away.addEventListener("click", () => {
      forget?.();
      this.offered.hidden = true;
    });
    const title = element("h2", {}, t("Typed here, but not saved"));
    fill(this.offered, element("header", {}, title), text, element("p", { class: "doing" }, copy, away));
  }
}

function sentence({ opened, waiting, savedAt, ended, synced }) {
  const saved = savedAt ? t("Saved %(time)s", { time: toSeconds(savedAt) }) : t("Saved");
  if (!opened && waiting === 0) return ["wait", "rotate-ccw", t("Opening the text…")];
  if (waiting === 0) return [null, "check", saved];
  const last = savedAt ? ` · ${t("last saved %(time)s", { time: toSeconds(savedAt) })}` : "";
  const count = { num: waiting };
  if (ended) return ["off", "ban", tn("%(num)s change not saved", "%(num)s changes not saved", count.num) + last];
  if (!synced) return ["off", "wifi-off", tn("%(num)s change kept in this device", "%(num)s changes kept in this device", count.num) + last];
  return ["wait", "upload", tn("%(num)s change not saved yet – sending", "%(num)s changes not saved yet – sending", count.num) + last];
}

function problemOf({ ended, refusal, opened }) {
  if (ended?.reason === "frozen") return t("This text has been submitted and is frozen. Nothing more can be typed into it.");
  if (ended?.reason === "thawed") return t("This text has been reopened to be changed. Reload the page to go on writing.");
  if (ended) return ended.title ?? t("You may not write in this text any more. What is on your screen stays here to be read and copied.");
  if (refusal?.code === "unauthenticated") return t("You are signed out. Sign in again in another window; what you typed is kept here and then sent.");
  if (refusal?.code === "too_large") return t("This change is larger than the desk takes and is not saved. Please shorten it.");
  if (refusal && !opened) return t("The text can't be opened just now. It is not lost; the desk is asked again in a moment.");
  return refusal ? (refusal.title ?? null) : null;
}

function toSeconds(instant) {
  const moment = new Date(instant);
  const seconds = String(moment.getUTCSeconds()).padStart(2, "0");
  return `${shown(moment.getTime())}:${seconds}`;
}
