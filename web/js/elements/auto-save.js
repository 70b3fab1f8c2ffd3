// @ts-check
// Keeps what is typed in the form inside: on the device at once, on the server after a moment of quiet. The device's copy
// goes when the server has said yes. Says what is the case in the `<output>` named `saved-<key>`; failures stay in words.
import { announce, debounce } from "../lib/dom.js";
import { post } from "../lib/fetch.js";
import { forget, keep, kept } from "../lib/store.js";

const QUIET_MS = 1200;
const RETRY_MS = 10_000;

customElements.define("auto-save", class extends HTMLElement {
  #pending = debounce(() => this.#save(), QUIET_MS);
  #again = debounce(() => this.#save(), RETRY_MS);
  #sending = false;
  #changed = false;
  #sent = false;
  #typed = () => this.#change();
  #left = () => this.#changed && this.#save(true);
  #online = () => this.#changed && this.#save();

  connectedCallback() {
    this.addEventListener("input", this.#typed);
    this.addEventListener("belfry:changed", this.#typed);
    this.addEventListener("submit", () => { this.#sent = true; this.#pending.stop(); forget(this.#key).catch(() => {}); });
    window.addEventListener("pagehide", this.#left);
    window.addEventListener("online", this.#online);
    this.#restore();
  }

  disconnectedCallback() {
    this.#pending.stop();
    this.#again.stop();
    window.removeEventListener("pagehide", this.#left);
    window.removeEventListener("online", this.#online);
  }

  get #key() { return this.dataset.key ?? ""; }
  get #form() { return this.querySelector("form"); }

  /** Puts back what the device kept from a page that was drawn from the same version. */
  async #restore() {
    const draft = await kept(this.#key).catch(() => undefined);
    if (!draft || !this.#form || draft.version !== this.dataset.version) return;
    for (const [name, value] of draft.fields) {
      const field = this.#form.elements.namedItem(name);
      if ((field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type !== "hidden")) && field.value !== value) {
        if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio" || field.type === "file")) continue;
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
  }

  #change() {
    this.#changed = true;
    if (this.#form) {
      const fields = [...new FormData(this.#form)].filter(([name, value]) => typeof value === "string" && name !== "csrf");
      keep(this.#key, { version: this.dataset.version, fields }).catch(() => {});
    }
    this.#pending.call();
  }

  async #save(leaving = false) {
    if (!this.#form || this.#sent) return;
    if (this.#sending) return this.#pending.call();
    this.#sending = true;
    this.#changed = false;
    this.#tell("saving");
    const body = new FormData(this.#form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("version", this.dataset.version ?? "");
    try {
      const answer = await post(this.dataset.action ?? "", new URLSearchParams(/** @type {any} */ (body)), { keepalive: leaving });
      const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
      if (said.version !== undefined) this.#is(String(said.version));
      if (!this.#changed) await forget(this.#key).catch(() => {});
      this.#tell("done");
      announce(this, "saved", said);
    } catch (problem) {
      this.#changed = true;
      const refused = 400 <= /** @type {any} */ (problem).status && /** @type {any} */ (problem).status < 500;
      this.#tell(refused ? "failed" : "here");
      if (refused) announce(this, "save-refused", problem);
      else this.#again.call();
    } finally {
      this.#sending = false;
    }
  }

  /** The form itself goes on from the new version too. @param {string} version */
  #is(version) {
    this.dataset.version = version;
    const field = this.#form?.elements.namedItem("version");
    if (field instanceof HTMLInputElement) field.value = version;
  }

  /** @param {"saving" | "done" | "here" | "failed"} state */
  #tell(state) {
    const place = document.getElementById(`saved-${this.#key}`);
    if (!place) return;
    place.textContent = this.dataset[state] ?? "";
    place.dataset.state = state;
  }
});
