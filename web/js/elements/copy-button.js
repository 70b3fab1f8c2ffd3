// @ts-check
// Copies the value of its field. Without HTTPS browsers have no clipboard for pages: the old way is tried, and if that
// fails too the value is selected, ready to be copied by hand.
import { say } from "../lib/dom.js";

customElements.define("copy-button", class extends HTMLElement {
  connectedCallback() {
    this.querySelector("button")?.addEventListener("click", () => this.#copy());
    this.#field?.addEventListener("focus", () => this.#field?.select());
  }

  /** @returns {HTMLInputElement | HTMLTextAreaElement | null} */
  get #field() {
    return this.querySelector("input, textarea");
  }

  async #copy() {
    const field = this.#field;
    if (!field) return;
    let done = false;
    try {
      await navigator.clipboard.writeText(field.value);
      done = true;
    } catch {
      // What is folded away cannot be selected.
      field.closest("details")?.setAttribute("open", "");
      field.select();
      done = document.execCommand("copy");
    }
    if (done) this.#tell();
    else say(this.dataset.byHand, "done");
  }

  #tell() {
    const text = this.querySelector(".button__text");
    const said = this.querySelector("output");
    if (!text || text.textContent === this.dataset.done) return;
    const before = text.textContent;
    text.textContent = this.dataset.done ?? "";
    if (said) said.textContent = this.dataset.done ?? "";
    setTimeout(() => { text.textContent = before; if (said) said.textContent = ""; }, 2500);
  }
});
