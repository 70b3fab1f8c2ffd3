// @ts-check
// Asks for its own fragment again when something it shows has changed, unless someone is writing in it.
import { announce, debounce, swap } from "../lib/dom.js";
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

  connectedCallback() {
    document.addEventListener("belfry:event", this.#heard);
    listen();
  }

  disconnectedCallback() {
    document.removeEventListener("belfry:event", this.#heard);
    this.#refresh.stop();
    this.#asking?.abort();
  }

  async #ask() {
    const active = document.activeElement;
    if (this.contains(active) && active?.matches("input, textarea, select")) return this.#refresh.call();
    this.#asking?.abort();
    this.#asking = new AbortController();
    try {
      swap(this, await fragment(this.getAttribute("src") ?? "", this.#asking.signal));
      announce(this, "swapped");
    } catch {
      // What is shown stays; the next event, or the stream's return, asks again.
    }
  }
});
