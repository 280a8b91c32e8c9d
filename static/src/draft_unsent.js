// What this device keeps of a draft until the desk has it on disk: closing the tab while offline loses nothing.
// Kept per person, statement and window; a window's record is removed by whoever got it acknowledged.

const DATABASE = "crisis-desk-drafts";
const STORE = "unsent";

/** The records of one person's draft in this device. Every call fails in silence where the device keeps nothing. */
export class Unsent {
  constructor(person, statement) {
    this.prefix = `${person}/${statement}/`;
    this.key = this.prefix + crypto.randomUUID();
    this.opened = open().catch(() => null);
    this.last = Promise.resolve();
  }

  /** Everything that earlier windows could not send: [{key, stamp, update, lines}]. */
  async left() {
    const range = IDBKeyRange.bound(this.prefix, `${this.prefix}\uffff`);
    const found = (await this.run("readonly", (store) => store.getAll(range))) ?? [];
    return found.filter((record) => record.key !== this.key);
  }

  /** Keeps what is not on disk yet; null forgets it. Calls are done in order. */
  keep(update, lines = null) {
    const record = { key: this.key, stamp: crypto.randomUUID(), update, lines };
    return this.queue((store) => (update === null ? store.delete(this.key) : store.put(record)));
  }

  /** Forgets a record of another window unless that window has changed it since. */
  forget({ key, stamp }) {
    return this.queue((store) => {
      const asked = store.get(key);
      asked.onsuccess = () => asked.result?.stamp === stamp && store.delete(key);
      return asked;
    });
  }

  queue(work) {
    this.last = this.last.then(() => this.run("readwrite", work)).catch(() => null);
    return this.last;
  }

  async run(mode, work) {
    const database = await this.opened;
    if (!database) return null;
    const transaction = database.transaction(STORE, mode);
    const asked = work(transaction.objectStore(STORE));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
