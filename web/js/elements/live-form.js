// @ts-check
// Lets the server draw parts of a form anew from what is typed: after a moment of quiet, and at once when a button is
// pressed that does not end the writing. Fields are left alone. Where the server cannot be reached what is shown stays.
import { announce, debounce, say, swap } from "../lib/dom.js";
import { post } from "../lib/fetch.js";

const QUIET_MS = 400;

customElements.define("live-form", class extends HTMLElement {
  #soon = debounce(() => this.#ask(), QUIET_MS);
  /** @type {AbortController | null} */ #asking = null;

  connectedCallback() {
    this.addEventListener("input", () => this.#soon.call());
    this.addEventListener("belfry:changed", () => this.#soon.call());
    this.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!(button instanceof HTMLButtonElement) || (button.name === "do" && button.value === this.dataset.final)) return;
      event.preventDefault();
      this.#ask(button);
    });
  }

  disconnectedCallback() {
    this.#soon.stop();
    this.#asking?.abort();
  }

  /** @param {HTMLButtonElement} [button] */
  async #ask(button) {
    const form = this.querySelector("form");
    if (!form) return;
    this.#soon.stop();
    this.#asking?.abort();
    const mine = (this.#asking = new AbortController());
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    if (button) body.set(button.name, button.value);
    try {
      const answer = await post(this.dataset.action ?? "", new URLSearchParams(/** @type {any} */ (body)), { signal: mine.signal, fragment: true });
      this.#take(await answer.text());
      if (button) announce(this, "changed");
    } catch {
      if (button && !mine.signal.aborted) say(document.body.dataset.noConnection);
    }
  }

  /** @param {string} html */
  #take(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    for (const part of holder.content.querySelectorAll("[data-live]")) {
      const place = document.getElementById(part.id);
      if (!place) continue;
      const kind = part.getAttribute("data-live");
      if (kind === "rows") merge(place, part);
      else if (kind === "said") { if (place.textContent !== part.textContent) place.textContent = part.textContent; }
      else if (place.innerHTML !== part.innerHTML) swap(place, part.innerHTML);
    }
    const to = holder.content.querySelector("[data-focus]")?.getAttribute("data-focus");
    if (to) document.getElementById(to)?.focus();
  }
});

/** Rows that are there stay, new ones come, others go. @param {Element} place @param {Element} part */
function merge(place, part) {
  const rows = [...part.children].map((row) => {
    const known = document.getElementById(row.id);
    return known && place.contains(known) && !row.hasAttribute("data-fresh") ? known : row;
  });
  for (const row of [...place.children]) if (!rows.includes(row)) row.remove();
  rows.forEach((row, at) => { if (place.children[at] !== row) place.insertBefore(row, place.children[at] ?? null); });
}
