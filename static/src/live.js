// One connection to the desk. Push is a hint, the journal is the truth: every room has a sequence, an older entry
// never replaces a newer one, and a gap is fetched.

import { io } from "socket.io-client";
import { hear, setLine } from "./line.js";
import { allow } from "./may.js";
import { isDrawn, redraw } from "./morph.js";
import { element } from "./elements.js";
import { t } from "./words.js";

const rooms = new Map();
const present = new Map();
const GAP_PATIENCE = 400;
const ACKNOWLEDGEMENT_TIMEOUT = 10_000;
const REFUSED_RETRY = 10_000;

let socket = null;

/** The connection, made once. */
export function connection() {
  socket ??= connect();
  return socket;
}

function connect() {
  const auth = { person: document.body.dataset.person };
  const made = io({ auth, transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 10_000, randomizationFactor: 0.5 });
  made.on("connect", connected);
  made.on("disconnect", (reason) => lost(made, reason === "io server disconnect"));
  made.on("connect_error", () => lost(made, !made.active));
  made.on("entry", receiveEntry);
  made.on("card", receiveCard);
  made.on("heads", receiveHead);
  made.on("may", ({ subject, verbs }) => allow(subject, verbs));
  made.on("presence", receivePresence);
  made.on("revoked", ({ room }) => revoke(room));
  made.io.on("ping", hear);
  made.onAny(hear);
  globalThis.addEventListener("online", () => made.connect());
  globalThis.addEventListener("focus", () => connectAgain(made));
  return made;
}

// A connection that the desk itself refused or closed is not made anew by itself: its person is signed out, and may
// sign in again in another window.
function lost(made, isSignedOut) {
  setLine(isSignedOut ? "out" : "off");
  if (!made.active) setTimeout(() => connectAgain(made), REFUSED_RETRY);
}

function connectAgain(made) {
  if (!made.active) made.connect();
}

// Who is in a room may be told before the page's own script listens.
function receivePresence({ room, people }) {
  present.set(room, people);
  globalThis.dispatchEvent(new CustomEvent("desk:presence", { detail: { room, people } }));
}

/** Who is in a room, as far as the desk has told: [{id, name}]. */
export function presentIn(room) {
  return present.get(room) ?? [];
}

function connected() {
  hear();
  setLine("on");
  globalThis.dispatchEvent(new Event("desk:connected"));
  for (const room of rooms.values()) catchUp(room);
}

/**
 * Follows a room: `after` is the sequence the page was drawn at, `stream` the journal's name of the room.
 * `onEntry(entry)` sees every entry once and in order; `onCard(card)` a board's row; `onGap()` is called when the
 * board must be fetched again; `onRevoked()` when the right to watch ended. Who comes and goes is told by the event
 * "desk:presence".
 */
export function watch(name, { after = 0, stream = null, ...handlers } = {}) {
  const state = { head: after, told: 0, busy: false, again: false, timer: null };
  const room = { name, stream, early: new Map(), cards: new Map(), gone: new Map(), ...state, ...handlers };
  rooms.set(name, room);
  if (connection().connected) catchUp(room);
  return room;
}

/** Leaves a room. */
export function unwatch(name) {
  rooms.delete(name);
  if (socket?.connected) socket.emit("unwatch", { room: name });
}

async function catchUp(room) {
  if (room.busy) {
    room.again = true;
    return;
  }
  room.busy = true;
  try {
    await fetchGap(room);
  } catch {
    // No answer in time: the next beacon or the next connection asks again.
  } finally {
    room.busy = false;
    if (room.again) {
      room.again = false;
      catchUp(room);
    }
  }
}

async function fetchGap(room) {
  const request = { room: room.name, fragments: true, ...(room.name === "board" ? {} : { after: room.head }) };
  const answer = await connection().timeout(ACKNOWLEDGEMENT_TIMEOUT).emitWithAck("watch", request);
  if (!answer.ok) return refuse(room, answer);
  if (answer.cards) return compareCards(room, answer.cards);
  for (const entry of answer.entries) catchUpTo(room, entry);
  if (answer.more) return fetchGap(room);
  room.head = Math.max(room.head, answer.head);
  drain(room);
  return null;
}

// The answer is in order; a number that it leaves out was sealed, and nothing will fill that gap.
function catchUpTo(room, entry) {
  if (entry.sequence <= room.head) return;
  room.head = entry.sequence;
  apply(room, entry);
}

function refuse(room, answer) {
  if (["forbidden", "not_found", "unauthenticated"].includes(answer.code)) revoke(room.name, answer.title);
}

function receiveEntry(entry) {
  const room = roomOf(entry);
  if (room) take(room, entry);
}

function roomOf(entry) {
  if (entry.room) return rooms.get(entry.room);
  return [...rooms.values()].find((room) => room.stream === entry.stream);
}

function take(room, entry) {
  if (entry.sequence <= room.head) return;
  room.early.set(entry.sequence, entry);
  drain(room);
}

function drain(room) {
  for (const sequence of room.early.keys()) if (sequence <= room.head) room.early.delete(sequence);
  while (room.early.has(room.head + 1)) {
    const entry = room.early.get(room.head + 1);
    room.early.delete(entry.sequence);
    room.head = entry.sequence;
    apply(room, entry);
  }
  if (room.early.size > 0) expectGap(room);
}

// Messages of one moment may overtake each other between processes: a short wait saves most fetches.
function expectGap(room) {
  room.timer ??= setTimeout(() => {
    room.timer = null;
    if (room.early.size > 0 || room.head < room.told) catchUp(room);
  }, GAP_PATIENCE);
}

function apply(room, entry) {
  const mine = entry.person !== null && entry.person === document.body.dataset.person;
  if (entry.fragments) redraw(entry.fragments, { mine });
  room.onEntry?.(entry);
}

function receiveHead({ room: name, head, digest }) {
  const room = rooms.get(name);
  if (!room) return;
  if (name === "board") {
    if (digest !== undefined && digest !== digestOf(room)) catchUp(room);
    return;
  }
  room.told = Math.max(room.told, head);
  if (room.told > room.head) expectGap(room);
}

function receiveCard(card) {
  const room = rooms.get("board");
  if (!room || card.sequence <= Math.max(room.cards.get(card.code) ?? 0, room.gone.get(card.code) ?? 0)) return;
  if (card.gone) {
    room.cards.delete(card.code);
    room.gone.set(card.code, card.sequence);
  } else {
    room.cards.set(card.code, card.sequence);
  }
  room.onCard?.(card);
}

/** Notes the sequence at which a row of the board was drawn. */
export function noteCard(room, code, sequence) {
  room.cards.set(code, sequence);
}

function compareCards(room, cards) {
  const behind = Object.entries(cards).some(([code, sequence]) => (room.cards.get(code) ?? 0) < sequence);
  const gone = [...room.cards.keys()].filter((code) => !(code in cards));
  for (const code of gone) {
    room.cards.delete(code);
    room.onCard?.({ code, gone: true });
  }
  if (behind) room.onGap?.();
}

// The number of rows and the sum of their sequences: no row moves back, so equal sums mean equal boards.
function digestOf(room) {
  const sequences = [...room.cards.values()];
  return `${sequences.length}:${sequences.reduce((sum, sequence) => sum + sequence, 0)}`;
}

function revoke(name, title = t("This page does not exist, or it is not open to you.")) {
  const room = rooms.get(name);
  if (!room) return;
  rooms.delete(name);
  if (room.onRevoked) room.onRevoked();
  else closePage(title);
}

function closePage(title) {
  const main = document.getElementById("main");
  const way = element("a", { href: "/", class: "act" }, t("To the board"));
  for (const part of document.querySelectorAll("[data-room-head], [data-room-part]")) part.remove();
  document.title = title;
  main.className = "page";
  main.replaceChildren(element("h1", { tabindex: "-1" }, title), element("p", {}, way));
  main.querySelector("h1").focus();
}

/** How far each room is, and whether all of it is on the page: for tests and for a look from the console. */
globalThis.desk = {
  ...globalThis.desk,
  live: {
    get connected() {
      return Boolean(socket?.connected);
    },
    get heads() {
      return Object.fromEntries([...rooms.values()].map((room) => [room.name, room.head]));
    },
    get cards() {
      return Object.fromEntries(rooms.get("board")?.cards ?? []);
    },
    get settled() {
      return isDrawn() && [...rooms.values()].every((room) => !room.busy && room.early.size === 0 && room.timer === null);
    },
  },
};
