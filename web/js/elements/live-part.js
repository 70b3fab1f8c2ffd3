// @ts-check
// Asks for its own fragment again when something it shows has changed, or when what it shows says that it holds no
// longer (`data-again-in`, in seconds), unless someone is writing in it.
// What the fragment says of itself (`data-said`) is told when it has changed.
import { announce, debounce, say, swap } from "../lib/dom.js";
import { listen } from "../lib/events.js";
import { fragment } from "../lib/fetch.js";

customElements.define("live-part", class extends HTMLElement {
  #refresh = debounce(() => this.#ask(), 250);
  /** @type {AbortController | null} */ #asking = null;
  /** @param {Event} event */
  #heard = (event) => {
    const what = /** @type {CustomEvent} */ (event).detail?.what;
    if (what === "*" || (this.dataset.on ?? "").split(" ").includes(what)) this.#refresh.call();
  };

  /** @type {ReturnType<typeof setTimeout> | undefined} */ #later;
  get #news() { return this.querySelector("[data-said]")?.getAttribute("data-said") ?? undefined; }

  connectedCallback() {
    this.#again();
    document.addEventListener("belfry:event", this.#heard);
    listen();
  }

  disconnectedCallback() {
    document.removeEventListener("belfry:event", this.#heard);
    this.#refresh.stop();
    clearTimeout(this.#later);
    this.#asking?.abort();
  }

  #again() {
    clearTimeout(this.#later);
    const holds = Math.min(...[...this.querySelectorAll("[data-again-in]")].map((part) => Number(part.getAttribute("data-again-in"))));
    if (Number.isFinite(holds)) this.#later = setTimeout(() => this.#refresh.call(), holds * 1000);
  }

  async #ask() {
    const active = document.activeElement;
    if (this.contains(active) && active?.matches("input, textarea, select")) return this.#refresh.call();
    this.#asking?.abort();
    this.#asking = new AbortController();
    try {
      const before = this.#news;
      swap(this, await fragment(this.getAttribute("src") ?? "", this.#asking.signal));
      this.#again();
      if (this.#news !== before) say(this.#news, "done");
      announce(this, "swapped");
    } catch {
      // What is shown stays; the next event, or the stream's return, asks again.
    }
  }
});
