// @ts-check
// A first guess at how much of a limit is used, by counting graphemes while someone types. The server's count, by each
// network's own rules, comes with the next save: it sends `belfry:counted` to the field with the true number.

const segments = "Segmenter" in Intl ? new Intl.Segmenter() : null;

/** @param {string} text */
function length(text) {
  return segments ? [...segments.segment(text)].length : [...text].length;
}

customElements.define("char-counter", class extends HTMLElement {
  /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ #field = null;
  #count = () => this.#show(length(this.#field?.value ?? ""));
  /** @param {Event} event */
  #counted = (event) => {
    const used = /** @type {CustomEvent} */ (event).detail?.[this.dataset.network ?? "used"];
    if (typeof used === "number") this.#show(used);
  };

  connectedCallback() {
    const field = document.getElementById(this.dataset.for ?? "");
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    this.#field = field;
    field.addEventListener("input", this.#count);
    field.addEventListener("belfry:counted", this.#counted);
  }

  disconnectedCallback() {
    this.#field?.removeEventListener("input", this.#count);
    this.#field?.removeEventListener("belfry:counted", this.#counted);
  }

  /** @param {number} used */
  #show(used) {
    const limit = Number(this.dataset.limit);
    const left = limit - used;
    this.dataset.over = String(left < 0);
    this.toggleAttribute("data-near", left <= Math.max(20, limit / 10));
    this.querySelector(".char-counter__used")?.setAttribute("stroke-dasharray", `${Math.min(100, Math.round((used * 100) / limit))} 100`);
    const number = this.querySelector(".char-counter__left");
    if (number) number.textContent = String(left);
  }
});
