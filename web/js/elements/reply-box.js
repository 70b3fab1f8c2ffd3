// @ts-check
// Tells the others that someone is writing, grows with the text where the browser does not by itself, sends with Enter
// and Control or Command, and puts the cursor there when the address asks for it.
import { post } from "../lib/fetch.js";

/** Told again after this while someone goes on writing; the server forgets after a minute. */
const AGAIN_MS = 25_000;

customElements.define("reply-box", class extends HTMLElement {
  #toldAt = 0;
  #typed = () => {
    this.#grow();
    if (!this.#field?.value.trim() || Date.now() - this.#toldAt < AGAIN_MS) return;
    this.#toldAt = Date.now();
    // Only a courtesy: the next line tells it again.
    post(this.dataset.answering ?? "", new URLSearchParams()).catch(() => (this.#toldAt = 0));
  };

  get #field() {
    return this.querySelector("textarea");
  }

  connectedCallback() {
    this.addEventListener("input", this.#typed);
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#field?.form?.requestSubmit();
    });
    if (location.hash === "#reply") this.#field?.focus();
    // Whoever was quicker than this script has typed already.
    if (this.#field === document.activeElement) this.#typed();
    else this.#grow();
  }

  #grow() {
    const field = this.#field;
    if (!field || CSS.supports("field-sizing", "content")) return;
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  }
});
