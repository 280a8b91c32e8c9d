// Forms that write through the API. What is typed is kept in this device until the desk has acknowledged it.
//   <form data-api="POST /api/v1/incidents/LUA-27/log">   fields as in fields.js
//   data-keep-as="log:LUA-27"   name under which the text is kept; the API path unless given
//   data-about="id"             which of several things the form is about now; "desk:about" tells that it changed
//   data-queue="list id"        the form is free at once; what is under way shows as a row at the end of that list
//   data-version="7"            sent as If-Match (for PATCH always needed)
//   data-then="/incidents/{code}"  where to go afterwards, filled from the answer
//   data-saved="sentence"       said on success
// On success the form sends the event "desk:saved" with the answer's body.

import * as answers from "./answers.js";
import { lock, hasSecret, putBack, read, settle, typedValues } from "./fields.js";
import { drop, held, hold, listen } from "./offline.js";
import { showWaiting } from "./pending.js";
import { keepRefused } from "./refused.js";
import { say } from "./say.js";
import { send } from "./send.js";
import { element } from "./elements.js";
import { giveBack } from "./left_behind.js";
import { keepTyped, typedHere } from "./typed.js";
import { t } from "./words.js";

const lastKeys = new WeakMap();

export function startForms() {
  document.addEventListener("submit", submitted);
  document.addEventListener("input", typing);
  document.addEventListener("change", typing);
  document.addEventListener("paste", pasted);
  globalThis.addEventListener("pagehide", keepNow);
  document.addEventListener("desk:about", turned);
  for (const form of document.querySelectorAll("form[data-api]")) restore(form);
}

function nameOf(form) {
  const { keepAs, api, about } = form.dataset;
  return [keepAs ?? api, about].filter(Boolean).join(" ");
}

function submitted(event) {
  const form = event.target;
  if (!form.matches("form[data-api]")) return;
  event.preventDefault();
  if (form.dataset.sending !== undefined) return;
  const request = requestOf(form, event.submitter);
  if (hasSecret(form)) sendOnce(form, request);
  else if (form.dataset.queue) queue(form, request);
  else holdForm(form, request);
}

function requestOf(form, submitter) {
  const [method, path] = (submitter?.dataset.api ?? form.dataset.api).split(" ");
  const body = method === "DELETE" ? null : read(form, { submitter, changedOnly: method === "PATCH" });
  const values = typedValues(form);
  return { method, path, body, values, form: nameOf(form), version: form.dataset.version ?? null, key: keyFor(form, path, body) };
}

// The same filled form keeps its key, whatever became of the first attempt; another text is another request.
function keyFor(form, path, body) {
  const content = JSON.stringify([path, body]);
  const last = lastKeys.get(form);
  if (last?.content === content) return last.key;
  const key = crypto.randomUUID();
  lastKeys.set(form, { content, key });
  return key;
}

async function sendOnce(form, request) {
  underWay(form, true);
  const answer = await send(request);
  underWay(form, false);
  finish(form, request, answer);
}

function holdForm(form, request) {
  underWay(form, true);
  hold(request, (answer) => heldAnswer(form, request, answer));
}

function heldAnswer(form, request, answer) {
  if (nameOf(form) !== request.form) return turnedAnswer(request, answer);
  if (answer.elsewhere) return free(form);
  if (answer.again && answer.status === 401) return answers.refuse(form, answer);
  if (answer.again) return showHeld(form, request);
  underWay(form, false);
  if (!isDone(request, answer) && form.closest("dialog:not([open])")) keepRefused(request, answer);
  return finish(form, request, answer);
}

// The form is about another thing by now: a refusal is told beside it.
function turnedAnswer(request, answer) {
  if (answer.again || answer.elsewhere) return;
  if (isDone(request, answer)) keepTyped(request.form, []);
  else keepRefused(request, answer);
}

function free(form) {
  underWay(form, false);
  answers.clear(form);
}

function showHeld(form, request) {
  const giveUp = element("button", { type: "button", class: "act slim", "data-free": "" }, t("Don't send"));
  giveUp.addEventListener("click", () => {
    drop(request.key);
    free(form);
  });
  answers.tell(form, "wait", t("Not saved yet – kept in this device, sent by itself when the line is back."), giveUp);
}

function underWay(form, is) {
  if (is) {
    form.dataset.sending = "";
    answers.clear(form);
    answers.tell(form, "wait", t("not saved yet – sending"));
  } else {
    delete form.dataset.sending;
  }
  lock(form, is);
}

function finish(form, request, answer) {
  if (isDone(request, answer)) return succeed(form, answer);
  return answers.refuse(form, answer);
}

function isDone(request, answer) {
  return answer.ok || isAlreadySo(request, answer);
}

// A change that arrived although its answer got lost is refused as stale, by its own doing.
function isAlreadySo(request, answer) {
  const present = answer.body?.present;
  if (answer.status !== 412 || request.method !== "PATCH" || !present) return false;
  return Object.entries(request.body).every(([name, value]) => JSON.stringify(present[name]) === JSON.stringify(value));
}

function succeed(form, answer) {
  forget(form);
  answers.clear(form);
  if (answer.body?.version !== undefined && form.dataset.version !== undefined) form.dataset.version = answer.body.version;
  if (form.dataset.api.startsWith("PATCH")) settle(form);
  else form.reset();
  const sentence = form.dataset.saved ?? t("Saved.");
  answers.tell(form, "ok", sentence);
  say(sentence);
  form.closest("dialog")?.close();
  goOn(form, answer);
}

function goOn(form, answer) {
  form.dispatchEvent(new CustomEvent("desk:saved", { bubbles: true, detail: answer.body }));
  if (!form.dataset.then) return;
  location.assign(form.dataset.then.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(answer.body[name])));
}

function queue(form, request) {
  forget(form);
  answers.clear(form);
  form.reset();
  hold(request, follow(form, request));
}

function forget(form) {
  if (unkept?.form === form) unkept = null;
  keepTyped(nameOf(form), []);
  lastKeys.delete(form);
}

// Shows the request as a row; what comes back is told of the answer.
function follow(form, request) {
  const row = showWaiting(document.getElementById(form.dataset.queue), request);
  return (answer) => queueAnswer(form, request, row, answer);
}

function queueAnswer(form, request, row, answer) {
  if (answer.elsewhere) return row.gone();
  if (answer.again) return row.waits(answer);
  if (answer.ok) {
    row.saved();
    say(form.dataset.saved ?? t("Saved."));
    return goOn(form, answer);
  }
  // Into the empty form it goes back by itself; beside other text it waits for the person.
  const back = () => {
    row.gone();
    putBack(form, request.values);
    keepTyped(nameOf(form), typedValues(form));
    answers.refuse(form, answer);
  };
  if (typedValues(form).length === 0) return back();
  return row.refused(answer.body?.title, back);
}

// A browser cuts what is too long for a field without a word.
function pasted({ target, clipboardData }) {
  if (!target.form?.matches("form[data-api]") || !(target.maxLength > 0)) return;
  const room = target.maxLength - target.value.length + target.selectionEnd - target.selectionStart;
  if (clipboardData.getData("text").length <= room) return;
  answers.tell(target.form, "refused", t("This field takes %(num)s characters. The end of what was pasted is not in it.", { num: target.maxLength }));
}

let pause = null;
let unkept = null;

// What was typed is read at once and kept after a pause: by then the form may be about another thing.
function typing({ target }) {
  const form = target.form;
  if (!form?.matches("form[data-api]")) return;
  if (unkept?.form !== form) keepNow();
  unkept = { form, name: nameOf(form), values: typedValues(form) };
  clearTimeout(pause);
  pause = setTimeout(keepNow, 200);
}

function keepNow() {
  clearTimeout(pause);
  if (unkept) keepTyped(unkept.name, unkept.values);
  unkept = null;
}

function turned({ target: form }) {
  keepNow();
  if (form.dataset.sending !== undefined) free(form);
  restore(form);
}

function restore(form) {
  const waiting = held().filter((request) => request.form === nameOf(form));
  if (form.dataset.queue) {
    for (const request of waiting) listen(request.key, follow(form, request));
  } else if (waiting.length) {
    const [request] = waiting;
    putBack(form, request.values);
    underWay(form, true);
    listen(request.key, (answer) => heldAnswer(form, request, answer));
    return;
  }
  putBack(form, typedHere(nameOf(form)));
  giveBack(form, nameOf);
}
