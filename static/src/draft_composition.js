// A word that an input method is composing: a change from others in the same piece of text would break the
// composition off, and the word would stand there twice. Such changes wait until the word is written.

const SETTLING = 60;
// Keyboards of phones keep a word open as long as the caret stands in it.
const PATIENCE = 3_000;
const LOOK = 500;

export class Composition {
  constructor() {
    this.last = 0;
    this.isOpen = false;
  }

  /** Whether a word is being composed just now. */
  get busy() {
    return this.isOpen && Date.now() - this.last < PATIENCE;
  }

  /** Follows the element; `ended()` is called when a word is written or left alone. */
  follow(within, ended) {
    const composing = () => {
      this.isOpen = true;
      this.last = Date.now();
    };
    const finish = () => {
      if (!this.busy) ended();
    };
    within.addEventListener("compositionstart", composing);
    within.addEventListener("compositionupdate", composing);
    // The editor reads the written word a moment after its end.
    within.addEventListener("compositionend", () => {
      this.last = Date.now();
      setTimeout(() => {
        this.isOpen = Date.now() - this.last < SETTLING;
        finish();
      }, SETTLING);
    });
    setInterval(finish, LOOK);
  }
}
