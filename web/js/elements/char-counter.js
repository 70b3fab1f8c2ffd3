// @ts-check
// How much of a limit is used while someone types: the server's count, by the network's own rules, moved on by as many
// graphemes as were typed since. The server's next count takes its place.

const segments = "Segmenter" in Intl ? new Intl.Segmenter() : null;

/** @param {string} text */
function length(text) {
  return segments ? [...segments.segment(text)].length : [...text].length;
}

customElements.define("char-counter", class extends HTMLElement {
  /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ #field = null;
  #before = 0;
  #count = () => this.#show(Math.max(0, Number(this.dataset.used) + length(this.#field?.value ?? "") - this.#before));

  connectedCallback() {
    const field = document.getElementById(this.dataset.for ?? "");
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    this.#field = field;
    this.#before = length(field.value);
    field.addEventListener("input", this.#count);
  }

  disconnectedCallback() {
    this.#field?.removeEventListener("input", this.#count);
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
