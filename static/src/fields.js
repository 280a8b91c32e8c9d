// Reading a form as the JSON the API takes, and putting kept values back.
//   data-type="int" | "bool" | "datetime" (wall clock of the province) | "time" (today's) | "list"; text otherwise
//   data-empty="null"   an empty field is sent as null instead of being left out
//   data-unkept         never kept in this device

import { deskNow, wallClock } from "./clock.js";

const OFFSET = "+07:00";
const HALF_A_DAY = 12 * 3_600_000;
const SECRET = "[type=password], [autocomplete=one-time-code], [type=file], [data-unkept]";

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && !field.disabled && !["submit", "button"].includes(field.type));
}

/** The field of a name, or null. */
export function fieldNamed(form, name) {
  const found = form.elements.namedItem(name);
  return found instanceof RadioNodeList ? found[0] : found;
}

/** What the form says: all of it, or for a PATCH only what the person changed. */
export function read(form, { submitter = null, changedOnly = false } = {}) {
  const body = {};
  for (const field of fieldsOf(form)) {
    if (changedOnly && !isChanged(field)) continue;
    const value = valueOf(field);
    if (value === undefined) continue;
    body[field.name] = Array.isArray(value) ? [...(body[field.name] ?? []), ...value] : value;
  }
  if (submitter?.name) body[submitter.name] = typed(submitter.value, submitter.dataset.type);
  return body;
}

function isChanged(field) {
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

function valueOf(field) {
  if (field.type === "checkbox" && field.dataset.type !== "list") return field.checked;
  if (field.type === "checkbox") return field.checked ? [field.value] : [];
  if (field.type === "radio" && !field.checked) return undefined;
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  if (field.value.trim() === "") return field.dataset.empty === "null" ? null : undefined;
  return typed(field.value, field.dataset.type);
}

function typed(value, type) {
  if (type === "int") return Number(value);
  if (type === "bool") return value === "true";
  if (type === "datetime") return `${value.length === 16 ? `${value}:00` : value}${OFFSET}`;
  if (type === "time") return latest(value);
  if (type === "list") return value.split("\n").map((line) => line.trim()).filter(Boolean);
  return value;
}

// A time of day means the last such moment: 23:50 typed at 00:10 was yesterday.
function latest(value) {
  const today = wallClock(new Date(deskNow()).toISOString()).slice(0, 10);
  const at = Date.parse(`${today}T${value}:00${OFFSET}`);
  const meant = at > deskNow() + HALF_A_DAY ? at - 2 * HALF_A_DAY : at;
  return new Date(meant).toISOString();
}

/** Whether the form holds something that must not be kept in this device. */
export function hasSecret(form) {
  return form.querySelector(SECRET) !== null;
}

/** What the person typed, as it stands in the fields, without secrets. */
export function typedValues(form) {
  const kept = fieldsOf(form).filter((field) => isChanged(field) && !field.matches(SECRET) && field.type !== "hidden");
  return kept.map((field) => [field.name, field.type === "checkbox" || field.type === "radio" ? [field.value, field.checked] : field.value]);
}

/** Makes what stands in the fields what they go back to: after a change was saved it is no change any more. */
export function settle(form) {
  for (const field of fieldsOf(form)) {
    if (field.matches("[type=checkbox], [type=radio]")) field.defaultChecked = field.checked;
    else if (field.options) for (const option of field.options) option.defaultSelected = option.selected;
    else field.defaultValue = field.value;
  }
}

/** Puts kept values back into the fields; the form's event "desk:putback" tells of it. */
export function putBack(form, values) {
  if (values.length === 0) return;
  for (const [name, value] of values) {
    for (const field of fieldsOf(form).filter((one) => one.name === name)) {
      if (!Array.isArray(value)) field.value = value;
      else if (field.value === value[0]) field.checked = value[1];
    }
  }
  form.dispatchEvent(new Event("desk:putback"));
}

/** Locks or frees what was typed while it is under way, keeping it readable. */
export function lock(form, locked) {
  for (const field of form.elements) {
    if (field.type === "hidden" || field.dataset.free !== undefined) continue;
    if (["submit", "checkbox", "radio", "select-one", "select-multiple"].includes(field.type)) setDisabled(field, locked);
    else field.readOnly = locked;
  }
}

function setDisabled(field, locked) {
  if (locked && field.disabled) return;
  if (!locked && field.dataset.locked === undefined) return;
  field.disabled = locked;
  if (locked) field.dataset.locked = "";
  else delete field.dataset.locked;
}
