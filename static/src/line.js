// The connection line: whether the screen is right to the second, up to when it is, and what waits in this device.

import { deskNow, shown } from "./clock.js";
import { element, fill } from "./elements.js";
import { draw } from "./icons.js";
import { heldCount } from "./offline.js";
import { say } from "./say.js";
import { t, tn } from "./words.js";

// A beacon comes every ten seconds; after two and a half of them nobody knows whether the screen is right.
const QUIET = 25_000;
const ICONS = { on: "radio", wait: "rotate-ccw", off: "wifi-off", out: "log-out" };

const line = { is: "wait", since: null, heard: null };

/** Something came from the desk: up to now the screen is right. */
export function hear() {
  line.heard = deskNow();
}

/** Changes to "on", "wait" (connecting), "off" or "out" (signed out), and says so. */
export function setLine(is) {
  if (is === line.is && line.since !== null) return;
  const broke = line.is === "on" && is !== "on";
  const cameBack = line.is !== "on" && is === "on" && line.since !== null;
  if (is === "on" || broke || line.since === null) line.since = deskNow();
  line.is = is;
  drawLine();
  if (broke) say(summary().join(" "));
  if (cameBack) say(t("Connected again."));
}

export function startLine() {
  line.heard = deskNow();
  line.since = deskNow();
  drawLine();
  setInterval(drawLine, 1000);
  globalThis.addEventListener("desk:held", drawLine);
}

/** What stands in the line, the first sentence being the most important. */
function summary() {
  const held = heldCount();
  const kept = held ? [tn("%(num)s thing kept in this device.", "%(num)s things kept in this device.", held)] : [];
  if (line.is === "on" && deskNow() - line.heard < QUIET) return [t("Online · right to the second"), ...kept];
  const upTo = t("Screen right up to %(time)s.", { time: shown(line.heard) });
  if (line.is === "out") return [t("You are signed out. Sign in again in another window; what you typed stays here."), upTo, ...kept];
  if (line.is === "off") return [t("Connection lost since %(time)s.", { time: shown(line.since) }), upTo, ...kept];
  return [t("Connecting…"), upTo, ...kept];
}

function drawLine() {
  const [first, ...rest] = summary();
  for (const place of document.querySelectorAll("[data-line]")) drawPlace(place, first, rest);
  const bar = document.querySelector("[data-line-bar]");
  if (!bar) return;
  bar.hidden = line.is === "on" && heldCount() === 0;
  drawPlace(bar, first, rest);
}

function drawPlace(place, first, rest) {
  const text = [first, ...rest].join(" ");
  const look = line.is === "out" ? "off" : line.is;
  if (place.dataset.is === look && place.title === text) return;
  place.dataset.is = look;
  place.title = text;
  fill(place, draw(ICONS[line.is]), element("span", {}, line.is === "on" ? first : element("b", {}, first), ...rest.map((part) => ` ${part}`)));
}
