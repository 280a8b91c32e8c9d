// What this device keeps for the person who is signed in, and for nobody else.

const prefix = `desk:${document.body?.dataset.person ?? ""}:`;

/** The value under a name, or the fallback where nothing readable is kept. */
export function kept(name, fallback = null) {
  try {
    return JSON.parse(localStorage.getItem(prefix + name)) ?? fallback;
  } catch {
    return fallback;
  }
}

/** Keeps a value; null forgets it. Says whether the device took it. */
export function keep(name, value) {
  try {
    if (value === null) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** The key under which other tabs see a name change. */
export function storageKey(name) {
  return prefix + name;
}
