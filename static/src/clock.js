// Time on the page: the desk's clock, clocks that run, ages. Words change in place, nothing moves.
//   <div class="clk" data-start="…" data-due="…">   .words is its text, rect its rail; data-met, data-closed stand still
//   <span data-left data-due="…">, <span data-age data-since="…">, <time data-moment datetime="…">

import { draw } from "./icons.js";
import { age, clockState, remaining, timeOfDay } from "./wording.js";

const ICONS = { soon: "hourglass", late: "alarm-clock" };

// The province's wall clock, seven hours ahead of UTC all year round.
const OFFSET = 7 * 3_600_000;

let offset = 0;

/** The desk's time now, in milliseconds; the browser's own clock may be wrong. */
export function deskNow() {
  return Date.now() + offset;
}

/** The desk's time of day as it is shown. */
export function timeNow() {
  return shown(deskNow());
}

/** An instant as it is shown: with its date when it is not today. */
export function shown(at) {
  return timeOfDay(at, deskNow(), document.documentElement.lang);
}

/** An instant as a field for local times takes it; empty without one. */
export function wallClock(instant) {
  return instant ? new Date(Date.parse(instant) + OFFSET).toISOString().slice(0, 16) : "";
}

export function startClocks() {
  const server = Date.parse(document.body.dataset.now);
  if (!Number.isNaN(server)) offset = server - Date.now();
  tick();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
}

/** Brings every clock below an element to the present. */
export function tick(within = document) {
  if (document.hidden) return;
  const root = within instanceof Element ? within : document;
  const now = deskNow();
  for (const clock of root.querySelectorAll(".clk[data-due]")) run(clock, now);
  for (const left of root.querySelectorAll("[data-left]")) put(left, remaining(Date.parse(left.dataset.due), now));
  for (const old of root.querySelectorAll("[data-age]")) put(old, age(Date.parse(old.dataset.since), now));
  for (const moment of root.querySelectorAll("time[data-moment]")) put(moment, shown(Date.parse(moment.dateTime)));
  for (const time of document.querySelectorAll("[data-desk-time]")) put(time, timeNow());
}

function run(clock, now) {
  if (clock.dataset.met || clock.dataset.closed) return;
  const due = Date.parse(clock.dataset.due);
  const { state, rail } = clockState(clock.dataset.start ? Date.parse(clock.dataset.start) : null, due, now);
  put(clock.querySelector(".words"), remaining(due, now));
  clock.querySelector(".rail rect")?.setAttribute("width", rail);
  if (!clock.classList.contains(state)) changeState(clock, state);
}

function changeState(clock, state) {
  clock.classList.remove("plain", "soon", "late");
  clock.classList.add(state);
  clock.querySelector(".t > .i")?.remove();
  if (ICONS[state]) clock.querySelector(".t").prepend(draw(ICONS[state]));
}

function put(holder, text) {
  if (holder && holder.textContent !== text) holder.textContent = text;
}
