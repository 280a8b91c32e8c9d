// Making elements without markup in strings: whatever text goes in stays text.

/** An element with attributes (null ones left out) and children; a text child stays text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Puts children into an element instead of what it held. */
export function fill(holder, ...children) {
  holder.replaceChildren(...children.filter((child) => child !== null));
}
