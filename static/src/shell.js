// page
// What every page of the desk has: time, the connection line, forms, menus, keys.

import { startClocks } from "./clock.js";
import { startDemonstration } from "./demonstration.js";
import { startForms } from "./form.js";
import { startKeys } from "./keys.js";
import { startLine } from "./line.js";
import { connection, watch } from "./live.js";
import { showControls } from "./may.js";
import { startMenus } from "./menu.js";
import { noteRead } from "./morph.js";
import { startOffline } from "./offline.js";
import { startRefused } from "./refused.js";
import { startTails } from "./tail.js";

startClocks();
startMenus();
startForms();
showControls(document);
if (document.body.dataset.person) {
  startLine();
  startKeys();
  startTails();
  startRefused();
  startDemonstration();
  startOffline();
  connection();
  for (const place of document.querySelectorAll("[data-watch]")) watchPlace(place);
  for (const event of ["pointerdown", "focusin"]) document.addEventListener(event, noteRead);
}

// <main data-watch="incident:LUA-27" data-stream="incident:…" data-after="12">: its fragments come by themselves.
function watchPlace({ dataset }) {
  watch(dataset.watch, { stream: dataset.stream, after: Number(dataset.after) });
}
