// Typed tokens: what they are called, and their bounds as the server writes them (FROM/TO, 2..3, .. for open).

import { t } from "./words.js";

export const NUMBER = "sequence_number";

const ZONE = "Asia/Ho_Chi_Minh";
const OFFSET = "+07:00";

/** The word for a token. */
export function tokenName(name) {
  const names = {
    issued_at: t("time of issue"),
    sequence_number: t("number of this notice"),
    next_update_at: t("next update"),
  };
  return names[name] ?? name;
}

/** What is read in place of a token: what it is and between which bounds. */
export function tokenLabel(name, bounds) {
  const span = boundsShown(name, bounds);
  return span ? `${tokenName(name)} ${span}` : tokenName(name);
}

/** Bounds as people say them; empty while none are set. */
export function boundsShown(name, bounds) {
  const [low, high] = ends(name, bounds);
  if (!low && !high) return "";
  if (low === high) return shown(name, low);
  if (!low) return `≤ ${shown(name, high)}`;
  if (!high) return `≥ ${shown(name, low)}`;
  const isSameDay = name !== NUMBER && dayOf(low) === dayOf(high);
  return `${isSameDay ? timeOf(low) : shown(name, low)}–${shown(name, high)}`;
}

/** From and to; an open end is the empty text. */
export function ends(name, bounds) {
  if (name === NUMBER) {
    const [low, high] = bounds.includes("..") ? bounds.split("..") : [bounds, bounds];
    return [low ?? "", high ?? ""];
  }
  const [low = "", high = ""] = bounds === ".." ? [] : bounds.split("/");
  return [low, high].map((end) => (end === ".." ? "" : end));
}

/** Bounds from what fields hold: numbers, or local times as `2026-05-12T22:55`. */
export function boundsOf(name, low, high) {
  if (!low && !high) return "..";
  if (name === NUMBER) return `${low}..${high}`;
  const [from, to] = [low, high].map((end) => (end ? `${end.slice(0, 16)}${OFFSET}` : ".."));
  return `${from}/${to}`;
}

/** An end as a field for local times shows it. */
export function fieldValue(name, end) {
  if (!end || name === NUMBER) return end;
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, dateStyle: "short", timeStyle: "short", hourCycle: "h23" })
      .formatToParts(new Date(end))
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

function shown(name, end) {
  return name === NUMBER ? end : `${timeOf(end)} ${dayOf(end)}`;
}

function timeOf(end) {
  return fieldValue("", end).slice(11);
}

function dayOf(end) {
  const [, month, day] = fieldValue("", end).slice(0, 10).split("-");
  return `${Number(day)}/${Number(month)}`;
}
