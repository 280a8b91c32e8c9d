// page
// The room of one incident: the parts of the page, dialogs that are about one line or clock, earlier lines, who is here.
// Its panels and lines come by themselves through the live entries.

import { fieldNamed } from "./fields.js";
import { showControls } from "./may.js";
import { tick } from "./clock.js";
import { startNaming } from "./naming.js";
import { startPresence } from "./presence.js";
import { startTabs } from "./tabs.js";
import { tn } from "./words.js";

// A dialog for many things is told by the button what it is about, before it opens.
function startDialogs() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-opens]");
    const dialog = button && document.getElementById(button.dataset.opens);
    const form = dialog?.querySelector("form[data-api]");
    if (form) prepare(dialog, form, button.dataset);
  }, { capture: true });
}

function prepare(dialog, form, { path, corrects, text, answer, heading, explains, doing }) {
  if (form.dataset.present) return fillPresent(form);
  const about = corrects ?? path;
  if (about && form.dataset.about !== about) turnTo(form, about, { path, corrects, text });
  setAnswer(fieldNamed(form, "answer"), answer);
  put(dialog.querySelector("h2"), heading);
  put(dialog.querySelector("[data-explanation]"), explains);
  put(dialog.querySelector("[data-does]"), doing);
  return null;
}

// What was typed about another thing stays kept under its name and comes back with it.
function turnTo(form, about, { path, corrects, text }) {
  form.reset();
  form.dataset.about = about;
  if (path) form.dataset.api = path;
  if (corrects) {
    form.elements.corrects.value = corrects;
    form.elements.text.value = form.elements.text.defaultValue = text;
  }
  form.dispatchEvent(new CustomEvent("desk:about", { bubbles: true }));
}

function setAnswer(field, answer) {
  if (!field) return;
  field.disabled = answer === undefined;
  field.value = answer ?? "";
}

function put(place, text) {
  if (place && text !== undefined) place.textContent = text;
}

// The form shows the incident as it is now, unless the person has begun to change it: then it keeps the version she
// saw, and the desk tells her if somebody else was quicker.
function fillPresent(form) {
  const isBegun = [...form.elements].some((field) => field.name && (field.type === "checkbox" ? field.checked !== field.defaultChecked : field.options ? [...field.options].some((one) => one.selected !== one.defaultSelected) : field.value !== field.defaultValue));
  if (isBegun) return;
  const present = JSON.parse(document.getElementById(form.dataset.present).textContent);
  form.dataset.version = present.version;
  for (const field of [...form.elements].filter(({ name }) => name in present)) show(field, present[field.name]);
}

function show(field, value) {
  if (field.type === "checkbox") field.checked = field.defaultChecked = value;
  else if (field.options) for (const option of field.options) option.selected = option.defaultSelected = option.value === value;
  else field.value = field.defaultValue = value;
}

function startEarlier() {
  document.querySelector("[data-earlier]")?.addEventListener("click", async ({ currentTarget: button }) => {
    const list = document.getElementById("room-lines");
    const first = [...list.children].find((line) => line.dataset.order);
    button.disabled = true;
    const answer = await fetch(`${button.dataset.earlier}?before=${first.dataset.order}`).catch(() => null);
    button.disabled = false;
    if (answer?.ok) addEarlier(list, first, await answer.text());
  });
}

function addEarlier(list, first, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const more = holder.content.querySelector("[data-has-earlier]");
  document.getElementById("log-earlier").hidden = !more;
  more?.remove();
  first.before(holder.content);
  showControls(list);
  tick(list);
}

// One line is the rule: Enter sends it. Not while a Vietnamese word is still being composed.
function startSending() {
  for (const field of document.querySelectorAll("[data-sends]")) {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
      event.preventDefault();
      field.form.requestSubmit();
    });
  }
}

function countLines() {
  const place = document.querySelector("[data-log-head]");
  const lines = globalThis.desk.live.heads[document.body.dataset.watch];
  if (place && lines) put(place, tn("%(num)s line", "%(num)s lines", lines));
}

startPresence();
startTabs();
startDialogs();
startNaming();
startEarlier();
startSending();
setInterval(countLines, 1000);
