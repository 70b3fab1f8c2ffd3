// @ts-check
// Keeps "2 min" true for the first day, in the server's own words.

const MINUTE_MS = 60_000;
/** @type {Set<{ refresh(): void }>} */
const shown = new Set();
setInterval(() => shown.forEach((one) => one.refresh()), MINUTE_MS / 2);

customElements.define("relative-time", class extends HTMLElement {
  connectedCallback() { shown.add(this); }
  disconnectedCallback() { shown.delete(this); }

  refresh() {
    const time = this.querySelector("time");
    const minutes = Math.floor((Date.now() - Date.parse(time?.dateTime ?? "")) / MINUTE_MS);
    if (!time || !(0 <= minutes && minutes < 24 * 60)) return;
    // From an hour on a day may have changed, and "Yesterday" is the server's to say.
    const text = minutes < 1 ? this.dataset.now
      : minutes < 60 ? this.dataset.minutes?.replace("#", String(minutes))
      : new Date(time.dateTime).toDateString() === new Date().toDateString() ? this.dataset.hours?.replace("#", String(Math.floor(minutes / 60)))
      : undefined;
    if (text) time.textContent = text;
  }
});
