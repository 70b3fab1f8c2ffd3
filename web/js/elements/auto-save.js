// @ts-check
// Keeps what is typed in the form inside: on the device at once, on the server after a moment of quiet. The device's copy
// goes when the server has said yes, not when it was asked. What an earlier visit could not send is sent when the next
// one begins. Where someone else saved meanwhile nothing is overwritten: the server shows both, and one of them is chosen.
// Says what is the case in the `<output>` named `saved-<key>`; failures stay in words.
import { announce, debounce, say, swap } from "../lib/dom.js";
import { post } from "../lib/fetch.js";
import { all, forget, keep, kept } from "../lib/store.js";

const QUIET_MS = 1200;
const RETRY_MS = 10_000;

customElements.define("auto-save", class extends HTMLElement {
  #pending = debounce(() => this.#save(), QUIET_MS);
  #again = debounce(() => this.#save(), RETRY_MS);
  #sending = false;
  #changed = false;
  #sent = false;
  #blocked = false;
  #left = () => this.#changed && this.#save(true);
  #online = () => this.#changed && this.#save();

  connectedCallback() {
    this.addEventListener("input", () => this.#change());
    this.addEventListener("belfry:changed", () => this.#change());
    this.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      this.#sent = true;
      this.#pending.stop();
      this.#keep();
      // The page that comes of it forgets the device's copy (app.js); where none comes it is still there.
      sessionStorage.setItem("belfry:sent", this.#key);
    });
    this.addEventListener("click", (event) => {
      const over = event.target instanceof Element && event.target.closest("[data-goes-over]");
      if (over) { event.preventDefault(); this.#goOver(over.getAttribute("data-goes-over") ?? ""); }
      const other = event.target instanceof Element && event.target.closest("[data-takes-other]");
      if (other instanceof HTMLAnchorElement) { event.preventDefault(); forget(this.#key).finally(() => location.assign(other.href)); }
    });
    window.addEventListener("pagehide", this.#left);
    window.addEventListener("online", this.#online);
    this.#restore().then(() => this.#sendOthers()).catch(() => {});
  }

  disconnectedCallback() {
    this.#pending.stop();
    this.#again.stop();
    window.removeEventListener("pagehide", this.#left);
    window.removeEventListener("online", this.#online);
  }

  get #key() { return this.dataset.key ?? ""; }
  get #form() { return this.querySelector("form"); }
  get #conflict() { return document.getElementById(`conflict-${this.#key}`); }

  /** Puts back what the device kept, and saves it. From an older version the server will find what lies in between. */
  async #restore() {
    if (sessionStorage.getItem("belfry:sent") === this.#key) {
      // It was sent and the form came back: what stands in it may not be saved.
      sessionStorage.removeItem("belfry:sent");
      return this.#change();
    }
    const draft = await kept(this.#key);
    if (!draft || !this.#form) return;
    if (!fill(this.#form, draft.fields)) return forget(this.#key);
    this.#is(draft.version);
    this.#form.elements.namedItem("text")?.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Sends what other visits left on this device. What someone else went over meanwhile waits for its own page. */
  async #sendOthers() {
    for (const [key, draft] of await all()) {
      if (key === this.#key || draft.owner !== this.dataset.owner) continue;
      const body = new URLSearchParams(draft.fields);
      body.set("version", draft.version);
      try {
        await post(draft.action, body);
        await forget(key);
        say(this.dataset.later, "done");
      } catch {
        // It stays here and waits for the next visit, or for the page of its own post.
      }
    }
  }

  #change() {
    this.#changed = true;
    this.#keep();
    this.#pending.call();
  }

  #keep() {
    if (!this.#form) return;
    const fields = [...new FormData(this.#form)].filter(([name, value]) => typeof value === "string" && name !== "csrf");
    const { version, action, owner } = this.dataset;
    keep(this.#key, { version, action, owner, fields }).catch(() => {});
  }

  async #save(leaving = false) {
    if (!this.#form || this.#sent || this.#blocked) return;
    if (this.#sending) return this.#pending.call();
    this.#sending = true;
    this.#changed = false;
    this.#tell("saving");
    const body = new FormData(this.#form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("version", this.dataset.version ?? "");
    try {
      const answer = await post(this.dataset.action ?? "", new URLSearchParams(/** @type {any} */ (body)), { keepalive: leaving, fragment: true });
      const said = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
      if (said.version !== undefined) this.#is(String(said.version));
      if (!this.#changed && !this.#sent) await forget(this.#key).catch(() => {});
      this.#tell("done");
      announce(this, "saved", said);
    } catch (problem) {
      this.#changed = true;
      await this.#failed(/** @type {any} */ (problem));
    } finally {
      this.#sending = false;
    }
  }

  /** @param {{ status?: number, answer?: Response }} problem */
  async #failed({ status = 0, answer }) {
    if (status < 400 || 500 <= status) {
      this.#tell("here");
      this.#again.call();
    } else if (status === 409 && this.#conflict && answer) {
      this.#blocked = true;
      swap(this.#conflict, await answer.text());
      this.#tell("conflict");
    } else {
      this.#tell("failed");
    }
  }

  /** One's own words take the place of what was saved in between. @param {string} version */
  #goOver(version) {
    this.#blocked = false;
    this.#is(version);
    this.#conflict?.replaceChildren();
    this.#save();
    const text = this.#form?.elements.namedItem("text");
    if (text instanceof HTMLElement) text.focus();
  }

  /** The form itself goes on from the new version too. @param {string} version */
  #is(version) {
    this.dataset.version = version;
    const field = this.#form?.elements.namedItem("version");
    if (field instanceof HTMLInputElement) field.value = version;
  }

  /** @param {"saving" | "done" | "here" | "failed" | "conflict"} state */
  #tell(state) {
    const place = document.getElementById(`saved-${this.#key}`);
    if (!place) return;
    place.textContent = this.dataset[state] ?? "";
    place.dataset.state = state;
  }
});

/** Puts values into the fields of their names; what has no field here (a text for a channel, a picture) is carried along
    unseen until the server draws it. Whether anything was different. @param {HTMLFormElement} form @param {[string, string][]} fields */
function fill(form, fields) {
  let different = false;
  const names = new Set(fields.map(([name]) => name));
  for (const field of [...form.elements]) {
    if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) {
      const on = fields.some(([name, value]) => name === field.name && value === field.value);
      different ||= field.checked !== on;
      field.checked = on;
    } else if (field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement || (field instanceof HTMLInputElement && !["hidden", "file"].includes(field.type))) {
      const at = [...form.elements].filter((other) => /** @type {any} */ (other).name === field.name).indexOf(field);
      const value = fields.filter(([name]) => name === field.name)[at]?.[1];
      if (value === undefined || value === field.value.replaceAll("\n", "\r\n") || value.replaceAll("\r\n", "\n") === field.value) continue;
      different = true;
      field.value = value;
    }
  }
  const here = new Set([...new FormData(form)].map(([name, value]) => `${name}=${name.startsWith("variant-") ? "" : value}`));
  for (const [name, value] of fields) {
    const missing = (name.startsWith("variant-") && value !== "" && !here.has(`${name}=`)) || (name === "media" && !here.has(`${name}=${value}`)) || (name.startsWith("alt-") && !form.elements.namedItem(name));
    if (!missing || !names.has(name)) continue;
    different = true;
    const unseen = document.createElement("input");
    Object.assign(unseen, { type: "hidden", name, value });
    unseen.dataset.unseen = "";
    form.append(unseen);
  }
  return different;
}
