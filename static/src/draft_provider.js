// Between a Yjs document and the desk over a Socket.IO connection. "Saved" is said only of what the desk has on disk.
//
// One change is on its way at a time: the next leaves when the desk has acknowledged, so an editor's changes can't
// overtake each other. Whatever is not acknowledged when the connection ends is found again by comparing with what
// the desk has, so a lost acknowledgement neither loses nor doubles anything.

import * as Y from "yjs";
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, removeAwarenessStates } from "y-protocols/awareness";

const GATHER = 20;
const KEEP = 100;
const PRESENCE = 200;
const PATIENCE = 10_000;
const GAP_PATIENCE = 1_000;
const RETRY = 3_000;
// After these nothing more can be written; what is on the screen stays there to be read and copied.
const FINAL = new Set(["frozen", "forbidden", "not_found", "revoked"]);

export class DraftProvider {
  /**
   * `changed(status)` hears of every change; `unsent` keeps what is not saved yet in this device. While `busy()` the
   * text on the screen must not change: what comes from others waits for `release()`.
   */
  constructor({ socket, statement, doc, unsent, changed, lines, busy }) {
    Object.assign(this, { socket, statement, doc, unsent, changed, lines, busy });
    this.held = [];
    this.awareness = new Awareness(doc);
    this.names = new Map();
    this.buffer = [];
    this.flying = null;
    this.waiting = 0;
    this.number = 0;
    this.early = new Set();
    this.savedAt = null;
    this.synced = false;
    this.opened = false;
    this.ended = null;
    this.refusal = null;
    this.most = Infinity;
    this.left = [];
    this.timers = {};
    this.heard = Object.entries({
      connect: () => this.sync(),
      connect_error: () => this.notConnected(),
      disconnect: (reason) => this.disconnected(reason),
      "draft:update": (message) => this.receive(message),
      "draft:presence": (message) => this.receivePresence(message),
      "draft:frozen": (message) => this.mine(message) && this.end("frozen"),
      "draft:thawed": (message) => this.mine(message) && this.thaw(),
      revoked: ({ room }) => room === `draft:${this.statement}` && this.end("revoked"),
    });
  }

  /** Takes up what an earlier window could not send, and connects. */
  async start() {
    const kept = await this.unsent.left();
    // What could not be sent because writing had ended is for its author to look at, not to come back by itself.
    this.left = kept.filter(({ lines }) => lines === null);
    for (const { update } of this.left) Y.applyUpdate(this.doc, update, this);
    this.waiting = this.left.length;
    this.doc.on("update", (update, origin) => this.typed(update, origin));
    this.awareness.on("update", (change, origin) => origin === "local" && this.later("presence", PRESENCE, () => this.showPresence()));
    for (const [event, listener] of this.heard) this.socket.on(event, listener);
    globalThis.addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
    if (this.socket.connected) await this.sync();
    else this.tell();
  }

  /** Stops for good; what is unsent stays in the device. */
  stop() {
    for (const [event, listener] of this.heard) this.socket.off(event, listener);
    if (this.socket.connected) this.socket.emit("draft:close", { statement: this.statement });
    this.awareness.destroy();
  }

  get status() {
    return {
      opened: this.opened,
      synced: this.synced,
      waiting: this.waiting,
      savedAt: this.savedAt,
      ended: this.ended,
      refusal: this.refusal,
    };
  }

  // ---- opening and comparing ----

  async sync() {
    if (this.ended) return;
    if (this.syncing) {
      this.syncAgain = true;
      return;
    }
    this.syncing = true;
    try {
      await this.compare();
    } catch {
      // No answer in time: the next connection or the next try asks again.
      this.retry();
    } finally {
      this.syncing = false;
      if (this.syncAgain) {
        this.syncAgain = false;
        this.sync();
      }
      this.tell();
    }
  }

  async compare() {
    // Nothing leaves while both sides are compared: what is typed meanwhile is part of the comparison.
    this.synced = false;
    const answer = await this.ask("draft:open", { statement: this.statement, vector: Y.encodeStateVector(this.doc) });
    if (!answer.ok) return this.refused(answer);
    this.take(bytes(answer.update));
    this.most = answer.most;
    this.reached(answer.number);
    this.opened = true;
    if (answer.frozen) return this.end("frozen");
    if (!answer.write) return this.end("forbidden");
    this.resume(bytes(answer.vector));
    return null;
  }

  /** Sends everything the desk does not have, whatever became of what was sent before. */
  resume(vector) {
    this.synced = true;
    this.refusal = null;
    this.flying = null;
    this.buffer = this.waiting > 0 ? [Y.encodeStateAsUpdate(this.doc, vector)] : [];
    this.showPresence();
    this.flush();
  }

  disconnected(reason) {
    this.synced = false;
    // The desk itself closes only the connections of those who are signed in no more.
    if (reason === "io server disconnect" && !this.ended) this.refusal = { code: "unauthenticated" };
    this.keep();
    if (this.refusal) this.retry();
    const others = [...this.awareness.getStates().keys()].filter((client) => client !== this.doc.clientID);
    removeAwarenessStates(this.awareness, others, this);
    this.tell();
  }

  // Without a line the connection is tried again by itself; the desk refuses only those who are not signed in.
  notConnected() {
    if (!this.socket.active && !this.ended) this.refusal ??= { code: "unauthenticated" };
    if (this.refusal) this.retry();
    this.tell();
  }

  // ---- sending ----

  typed(update, origin) {
    if (origin === this) return;
    this.buffer.push(update);
    this.waiting += 1;
    this.later("keep", KEEP, () => this.keep());
    if (this.refusal) this.later("retry", RETRY, () => this.sync());
    else this.later("flush", GATHER, () => this.flush());
    this.tell();
  }

  async flush() {
    if (!this.synced || this.flying || this.buffer.length === 0 || this.ended) return;
    const update = merged(this.buffer);
    const flying = { id: crypto.randomUUID(), update, count: this.waiting };
    this.buffer = [];
    this.flying = flying;
    if (update.byteLength > this.most) return this.refused({ code: "too_large" });
    let answer;
    try {
      answer = await this.ask("draft:update", { statement: this.statement, update, id: flying.id });
    } catch {
      return this.flying === flying && this.socket.connected && this.sync();
    }
    // A connection made meanwhile has compared both sides already.
    if (this.flying === flying) this.answered(flying, answer);
    return null;
  }

  answered(flying, answer) {
    if (!answer.ok) return this.refused(answer);
    this.flying = null;
    this.waiting -= flying.count;
    this.savedAt = answer.at;
    this.reached(answer.number);
    for (const record of this.left.splice(0)) this.unsent.forget(record);
    this.keep();
    this.tell();
    return this.flush();
  }

  refused({ code, title }) {
    if (FINAL.has(code)) return this.end(code, title);
    this.synced = false;
    this.refusal = { code, title };
    if (code !== "too_large") this.retry();
    return this.tell();
  }

  // After a session has ended the desk closes the connection for good; signing in again in another window mends it.
  retry() {
    this.later("retry", RETRY, () => (this.socket.connected ? this.sync() : this.socket.connect()));
  }

  // The text may have been changed since by somebody who was quicker to reload, so this page does not go on by itself.
  thaw() {
    if (this.ended?.reason !== "frozen") return;
    this.ended = { reason: "thawed", title: null };
    this.tell();
  }

  /** Nothing more can be written, for this reason. */
  async end(reason, title = null) {
    if (this.ended) return;
    this.ended = { reason, title };
    this.synced = false;
    this.early.clear();
    await this.keep();
    this.tell();
  }

  keep() {
    clearTimeout(this.timers.keep);
    this.timers.keep = null;
    if (this.waiting === 0) return this.unsent.keep(null);
    this.buffer = this.buffer.length > 1 ? [merged(this.buffer)] : this.buffer;
    const held = [...this.left.map(({ update }) => update), ...(this.flying ? [this.flying.update] : []), ...this.buffer];
    if (held.length === 0) return null;
    return this.unsent.keep(merged(held), this.ended ? this.lines() : null);
  }

  // ---- hearing ----

  receive(message) {
    if (!this.mine(message)) return;
    this.take(bytes(message.update));
    this.early.add(message.number);
    this.reached(this.number);
  }

  take(update) {
    if (this.busy()) this.held.push(update);
    else Y.applyUpdate(this.doc, update, this);
  }

  /** Brings in what came while the text on the screen had to stay as it was. */
  release() {
    if (this.held.length > 0) Y.applyUpdate(this.doc, merged(this.held.splice(0)), this);
  }

  /** Notes how far the document is without a gap. */
  reached(number) {
    if (number > this.number + 1 && this.opened && this.synced) this.early.add(number);
    else this.number = Math.max(this.number, number);
    for (const early of this.early) if (early <= this.number) this.early.delete(early);
    while (this.early.delete(this.number + 1)) this.number += 1;
    // Messages of one moment may overtake each other between processes: a short wait saves most comparisons.
    if (this.early.size > 0) this.later("gap", GAP_PATIENCE, () => this.early.size > 0 && this.sync());
  }

  async showPresence() {
    if (!this.synced) return;
    const state = encodeAwarenessUpdate(this.awareness, [this.doc.clientID]);
    const answer = await this.ask("draft:presence", { statement: this.statement, state }).catch(() => null);
    if (answer?.frozen) this.end("frozen");
    else if (answer?.ok && answer.number > this.number) this.later("gap", GAP_PATIENCE, () => answer.number > this.number && this.sync());
    else if (answer && !answer.ok && answer.code === "not_found") this.sync();
  }

  receivePresence({ client, state, person, name, ...message }) {
    if (!this.mine(message) || client === this.doc.clientID) return;
    if (!state) return removeAwarenessStates(this.awareness, [client], this);
    const isNew = !this.names.has(client) || !this.awareness.getStates().has(client);
    this.names.set(client, { person, name });
    applyAwarenessUpdate(this.awareness, bytes(state), this);
    // Whoever has just come does not know yet who is here.
    if (isNew) this.later("presence", PRESENCE, () => this.showPresence());
    return null;
  }

  // ---- small things ----

  mine({ statement }) {
    return statement === this.statement;
  }

  ask(event, message) {
    return this.socket.timeout(PATIENCE).emitWithAck(event, message);
  }

  later(name, wait, work) {
    this.timers[name] ??= setTimeout(() => {
      this.timers[name] = null;
      work();
    }, wait);
  }

  tell() {
    this.changed(this.status);
  }
}

function merged(updates) {
  return updates.length === 1 ? updates[0] : Y.mergeUpdates(updates);
}

function bytes(value) {
  return value instanceof Uint8Array ? value : new Uint8Array(value);
}
