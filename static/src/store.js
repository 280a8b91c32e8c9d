// What this device keeps for the person who is signed in, and for nobody else.

const prefix = `desk:${document.body?.dataset.person ?? ""}:`;

// What the device has no room for, or does not take at all, stays at least as long as the page.
const pageOnly = new Map();

/** The value under a name, or the fallback where nothing readable is kept. */
export function kept(name, fallback = null) {
  if (pageOnly.has(name)) return pageOnly.get(name);
  try {
    return JSON.parse(localStorage.getItem(prefix + name)) ?? fallback;
  } catch {
    return fallback;
  }
}

/** Keeps a value; null forgets it. Says whether the device took it; otherwise it is kept until the page goes. */
export function keep(name, value) {
  pageOnly.delete(name);
  try {
    if (value === null) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, JSON.stringify(value));
    return true;
  } catch {
    if (value !== null) pageOnly.set(name, value);
    return false;
  }
}

/** The key under which other tabs see a name change. */
export function storageKey(name) {
  return prefix + name;
}

/** The names of all that is kept whose name begins so. */
export function keptNames(beginning) {
  const names = new Set(pageOnly.keys());
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) names.add(key.slice(prefix.length));
  } catch {
    // A device that takes nothing keeps nothing.
  }
  return [...names].filter((name) => name.startsWith(beginning));
}
