// @ts-check
// Chooses the browser's own time zone in a list of zones, where nothing was chosen yet.

customElements.define("zone-guess", class extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    if (!select || this.dataset.guess === undefined) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...select.options].some((option) => option.value === zone)) select.value = zone;
  }
});
