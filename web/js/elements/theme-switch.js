// @ts-check
// Shows the chosen colours at once and tells the server, which keeps them in a cookie.
import { say } from "../lib/dom.js";
import { post } from "../lib/fetch.js";

customElements.define("theme-switch", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.#change());
  }

  async #change() {
    const form = this.querySelector("form");
    if (!form) return;
    const body = new FormData(form);
    const theme = String(body.get("theme"));
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    try {
      await post(form.action, new URLSearchParams(/** @type {any} */ (body)));
    } catch {
      say(document.body.dataset.wentWrong);
    }
  }
});
