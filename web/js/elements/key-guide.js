// @ts-check
// Keys for a list of rows: j and k move, r answers, e puts away, ? shows them. A key that is typed into a field, or
// together with another, is left alone; Escape leaves the field.
import { announce } from "../lib/dom.js";

customElements.define("key-guide", class extends HTMLElement {
  /** @param {KeyboardEvent} event */
  #pressed = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    // The way from the field back to the keys.
    if (event.key === "Escape" && target?.closest("reply-box")) target.blur();
    if (target?.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const done = { j: () => this.#move(1), k: () => this.#move(-1), r: () => this.#reply(), e: () => this.#done(), "?": () => this.#show() }[event.key]?.();
    if (done) event.preventDefault();
  };

  connectedCallback() {
    document.addEventListener("keydown", this.#pressed);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#pressed);
  }

  /** @returns {HTMLAnchorElement[]} */
  get #rows() {
    return [...document.querySelectorAll("[data-keys=rows] a.row__title")].filter((row) => row instanceof HTMLAnchorElement);
  }

  /** The row that has the focus. */
  get #focused() {
    return this.#rows.find((row) => row === document.activeElement);
  }

  /** @param {1 | -1} step */
  #move(step) {
    const rows = this.#rows;
    const current = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const at = this.#focused ? rows.indexOf(this.#focused) : current;
    const next = rows[at < 0 ? 0 : at + step];
    if (!next) return false;
    // Where the list has no room beside the conversation, the next one is opened.
    if (!next.checkVisibility()) next.click();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    announce(next, "moved");
    return true;
  }

  #reply() {
    const row = this.#focused;
    const field = document.querySelector("reply-box textarea");
    if (row && !row.hasAttribute("aria-current")) location.assign(`${row.href}#reply`);
    else if (field instanceof HTMLElement) field.focus();
    else return false;
    return true;
  }

  #done() {
    const row = this.#focused;
    const own = document.querySelector("form[data-keys=done]");
    const ofRow = document.querySelector("form[data-keys=done-row]");
    if (row && ofRow instanceof HTMLFormElement) {
      ofRow.action = `${new URL(row.href).pathname}/done`;
      ofRow.requestSubmit();
    } else if (!row && own instanceof HTMLFormElement) own.requestSubmit();
    else return false;
    return true;
  }

  #show() {
    const opener = this.querySelector("[data-opens]");
    if (opener instanceof HTMLElement) opener.click();
    return true;
  }
});
