// @ts-check
// Asking the server: with the token, with a deadline, with words when it fails.

/** The token of this page. */
export function token() {
  return document.querySelector("meta[name=csrf-token]")?.getAttribute("content") ?? "";
}

/** Could not be reached at all, as opposed to having said no. */
export class Unreachable extends Error {}

/**
 * Asks for a fragment of a page.
 * @param {string} address
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>}
 */
export async function fragment(address, signal) {
  const answer = await ask(address, { headers: { accept: "text/html", "x-fragment": "1" }, signal });
  return answer.text();
}

/**
 * Posts a form.
 * @param {string} address
 * @param {FormData | URLSearchParams} body
 * @param {{ keepalive?: boolean, signal?: AbortSignal, fragment?: boolean }} [options] `fragment`: the answer is put in place
 */
export async function post(address, body, { fragment, ...options } = {}) {
  const headers = { accept: "application/json, text/html", "x-csrf-token": token(), ...(fragment ? { "x-fragment": "1" } : {}) };
  return ask(address, { ...options, method: "POST", body, headers });
}

/** @param {string} address @param {RequestInit} options */
async function ask(address, options) {
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout(20_000), ...options });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new Unreachable(address, { cause });
  }
  // Signed out meanwhile: the page itself leads to the way in, and back.
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") throw new Unreachable(address);
  if (!answer.ok) throw Object.assign(new Error(`${answer.status}`), { status: answer.status, answer });
  return answer;
}
