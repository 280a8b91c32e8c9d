// One request to the desk and what became of it.

const PATIENCE = 15_000;

/**
 * Sends {method, path, body, key, version}. Answers {ok, status, body}; `again` is true where nobody knows whether it
 * arrived, or where it can't be taken now: the same request may then be sent again under the same key.
 */
export async function send(request) {
  try {
    return await answered(request, await attempt(request));
  } catch {
    return { ok: false, again: true, status: 0, body: null };
  }
}

function attempt({ method, path, body, key, version }) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  // Whoever signed in meanwhile in this browser must not become the author of what this page sends.
  if (document.body.dataset.person) headers["X-Desk-Person"] = document.body.dataset.person;
  if (body !== null) headers["Content-Type"] = "application/json";
  if (key && method === "POST") headers["Idempotency-Key"] = key;
  if (version) headers["If-Match"] = `"${version}"`;
  const signal = AbortSignal.timeout(PATIENCE);
  return fetch(path, { method, headers, signal, body: body === null ? undefined : JSON.stringify(body), redirect: "error" });
}

async function answered(request, response) {
  const body = await response.json().catch(() => null);
  if (response.status === 400 && body?.code === "csrf" && (await renewToken())) {
    return answered(request, await attempt(request));
  }
  const again = response.status >= 500 || response.status === 401 || response.status === 429;
  const wait = Number(response.headers.get("Retry-After")) * 1000 || undefined;
  return { ok: response.ok, again, wait, status: response.status, body };
}

function token() {
  return document.querySelector("meta[name=csrf-token]")?.content ?? "";
}

// Signing in again in another window makes a new session, and with it a new token.
async function renewToken() {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("meta[name=csrf-token]");
  if (!page.ok || !fresh || fresh.content === token()) return false;
  document.querySelector("meta[name=csrf-token]").content = fresh.content;
  return true;
}
