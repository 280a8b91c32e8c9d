// page
// The line at the top of the board: what the desk understands of it while it is typed, likely duplicates, and the way
// to what has just been written down. Sending and keeping are those of every form.

import { deskNow, shown, wallClock } from "./clock.js";
import { element, fill } from "./elements.js";
import { t } from "./words.js";

const PAUSE = 250;
const LEADING_TIME = /^\s*\d{1,2}\s?(?::|h|g)/i;

const form = document.getElementById("intake");
const line = form?.elements.line;
const understood = document.getElementById("intake-understood");
const similar = document.getElementById("intake-similar");
const saved = document.getElementById("intake-saved");

let timer = null;
let asking = null;
let reading = null;
let awaited = null;

function typed() {
  clearTimeout(timer);
  saved.hidden = true;
  timer = setTimeout(ask, line.value.trim() ? PAUSE : 0);
}

async function ask() {
  asking?.abort();
  if (!line.value.trim()) return tell(null);
  asking = new AbortController();
  try {
    const answer = await fetch(`/api/v1/intake?line=${encodeURIComponent(line.value.slice(0, 600))}`, { signal: asking.signal });
    if (answer.ok) tell(await answer.json());
  } catch {
    // Without a line to the desk nothing is understood yet; the text itself is kept and sent all the same.
    tell(null);
  }
  return null;
}

function tell(read) {
  reading = read;
  if (!read) {
    understood.replaceChildren();
    similar.replaceChildren();
    return;
  }
  const parts = [...whenAndWhere(read), t("received %(time)s", { time: shown(read.received_at ? Date.parse(read.received_at) : deskNow()) })];
  fill(understood, t("Understood:"), " ", element("b", {}, read.title || "–"), ` · ${parts.join(" · ")}`);
  fill(similar, ...(read.similar.length ? [element("span", { class: "st wait" }, t("May be the same:")), ...read.similar.flatMap(linkTo)] : []));
}

function whenAndWhere(read) {
  const parts = [];
  if (read.occurred_at) {
    const time = shown(Date.parse(read.occurred_at));
    parts.push(read.occurred_about ? t("about %(time)s", { time }) : time);
  }
  if (read.severity) parts.push(t("level %(level)s", { level: read.severity }));
  if (read.place) parts.push(read.place);
  return parts;
}

function linkTo({ code, spoken_code: spoken, title }) {
  return [" ", element("a", { href: `/incidents/${code}`, class: "nw" }, spoken), ` ${title}`];
}

// A line kept while there is no connection was received when it was written, not when it arrives.
function noteMoment() {
  form.elements.received_at.value = LEADING_TIME.test(line.value) ? "" : new Date(deskNow()).toISOString();
}

function written({ detail }) {
  tell(null);
  if (!detail?.code) return;
  saved.hidden = false;
  fill(saved.querySelector("span"), element("b", {}, detail.spoken_code), ` ${detail.title}`);
  saved.querySelector("a").href = `/incidents/${detail.code}`;
  awaited = detail.code;
  findRow();
}

// Enter once more opens it: the focus goes to the new row, unless the next line is being typed already.
function findRow() {
  const link = document.querySelector(`#incident-${CSS.escape(awaited ?? "-")} a.title`);
  const isFree = line.value === "" && [line, document.body].includes(document.activeElement);
  if (!link) return;
  awaited = null;
  if (isFree) link.focus();
}

function fillForm() {
  const { elements } = document.querySelector("#intake-form form");
  if (!reading || elements.title.value) return;
  elements.title.value = reading.title;
  elements.place.value = reading.place;
  elements.occurred_at.value = wallClock(reading.occurred_at);
  elements.occurred_about.checked = reading.occurred_about;
  for (const radio of elements.severity) radio.checked = Number(radio.value) === reading.severity;
}

if (form) {
  line.addEventListener("input", typed);
  form.addEventListener("submit", noteMoment);
  document.addEventListener("desk:saved", written);
  globalThis.addEventListener("desk:row", findRow);
  document.getElementById("intake-more").addEventListener("click", fillForm);
  form.addEventListener("desk:putback", ask);
  if (line.value) ask();
}
