// @ts-check
// Uploads each chosen, pasted or dropped file by itself, with a preview and its progress. The server answers with the
// tile it would have drawn. Announces `belfry:changed`, so that the form around it is saved.
import { announce, swap } from "../lib/dom.js";
import { token } from "../lib/fetch.js";

customElements.define("media-picker", class extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input[type=file]");
    if (!(input instanceof HTMLInputElement)) return;
    input.addEventListener("change", () => { this.#take(input.files); input.value = ""; });
    this.addEventListener("dragover", (event) => { event.preventDefault(); this.toggleAttribute("data-over", true); });
    this.addEventListener("dragleave", () => this.removeAttribute("data-over"));
    this.addEventListener("drop", (event) => {
      event.preventDefault();
      this.removeAttribute("data-over");
      this.#take(event.dataTransfer?.files);
    });
    this.closest("form")?.addEventListener("paste", (event) => this.#take(event.clipboardData?.files));
    new MutationObserver(() => this.#full()).observe(this.#tiles, { childList: true });
    this.#full();
  }

  get #tiles() { return /** @type {HTMLElement} */ (this.querySelector(".media-picker__tiles")); }
  get #room() { return Number(this.dataset.most ?? 4) - this.#tiles.children.length; }
  #full() { this.toggleAttribute("data-full", this.#room <= 0); }

  /** @param {FileList | null | undefined} files */
  #take(files) {
    for (const file of [...(files ?? [])].slice(0, Math.max(0, this.#room))) this.#upload(file);
  }

  /** @param {File} file */
  #upload(file) {
    const tile = document.createElement("div");
    tile.className = "media-picker__tile";
    tile.dataset.busy = "";
    const picture = document.createElement("img");
    picture.alt = "";
    if (file.type.startsWith("image/")) picture.src = URL.createObjectURL(file);
    const bar = document.createElement("progress");
    bar.className = "progress__bar";
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", this.#named("uploading", file));
    tile.append(picture, bar);
    this.#tiles.append(tile);
    this.#say(this.#named("uploading", file), false);

    const body = new FormData();
    body.set("csrf", token());
    body.set("file", file);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => event.lengthComputable && (bar.value = event.loaded / event.total));
    request.addEventListener("loadend", () => {
      URL.revokeObjectURL(picture.src);
      if (200 <= request.status && request.status < 300) {
        const holder = document.createElement("div");
        swap(holder, request.responseText);
        tile.replaceWith(...holder.childNodes);
        this.#say("", false);
        announce(this, "changed");
      } else {
        tile.remove();
        const words = request.getResponseHeader("content-type")?.startsWith("text/plain") ? request.responseText : "";
        this.#say(words || this.#named("failed", file), true);
      }
    });
    request.open("POST", this.dataset.action ?? "");
    request.setRequestHeader("x-csrf-token", token());
    request.setRequestHeader("x-fragment", "1");
    request.send(body);
  }

  /** @param {string} key @param {File} file */
  #named(key, file) { return (this.dataset[key] ?? "").replace("#", file.name); }

  /** @param {string} text @param {boolean} failed */
  #say(text, failed) {
    const said = this.querySelector(".media-picker__said");
    if (!said) return;
    said.textContent = text;
    said.toggleAttribute("data-failed", failed);
  }
});
