// @ts-check
// Counts the seconds down that the server said are left. At the end it says so and lets the live part around it ask how
// things stand: the server's time decides, not this one.
import { announce } from "../lib/dom.js";

customElements.define("count-down", class extends HTMLElement {
  /** @type {ReturnType<typeof setInterval> | undefined} */ #beat;

  connectedCallback() {
    const end = performance.now() + Number(this.dataset.leftMs);
    this.#beat = setInterval(() => this.#show(end - performance.now()), 250);
  }

  disconnectedCallback() {
    clearInterval(this.#beat);
  }

  /** @param {number} leftMs */
  #show(leftMs) {
    const shown = this.querySelector("[aria-hidden]");
    if (!shown) return;
    if (0 < leftMs) {
      shown.textContent = (this.dataset.words ?? "").replace("#", String(Math.ceil(leftMs / 1000)));
      return;
    }
    clearInterval(this.#beat);
    shown.textContent = this.dataset.gone ?? "";
    announce(document, "event", { what: "publication" });
  }
});
