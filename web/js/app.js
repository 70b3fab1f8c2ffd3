// @ts-check
// What every page runs: fetches the behaviour of each custom element when one appears, opens dialogs, ignores a second
// press of a form's button, keeps notices dismissable, registers the service worker. Everything here makes a page that
// already works work better; nothing depends on it.
import { announce, say } from "./lib/dom.js";

const elements = new Set([
  "auto-save", "char-counter", "copy-button", "count-down", "key-guide", "live-form", "live-part", "media-picker",
  "relative-time", "reply-box", "theme-switch", "zone-guess",
]);

/** Fetches the modules of elements that are in the page and not known yet. @param {ParentNode} root */
function enliven(root) {
  for (const element of root.querySelectorAll(":not(:defined)")) {
    const name = element.localName;
    if (!elements.delete(name)) continue;
    import(`./elements/${name}.js`).catch(() => {
      elements.add(name);
      say(document.body.dataset.noConnection);
    });
  }
}

/** @param {HTMLDialogElement} dialog */
function open(dialog) {
  if (dialog.open) return;
  const before = document.activeElement;
  dialog.showModal();
  dialog.addEventListener("close", () => before instanceof HTMLElement && before.focus(), { once: true });
  announce(dialog, "opened");
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const opener = target?.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.getAttribute("data-opens") ?? "");
  if (dialog instanceof HTMLDialogElement && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    open(dialog);
    return;
  }
  // A press beside a sheet puts it away.
  if (target instanceof HTMLDialogElement && target.open) {
    const box = target.getBoundingClientRect();
    const inside = box.left <= event.clientX && event.clientX <= box.right && box.top <= event.clientY && event.clientY <= box.bottom;
    if (!inside) target.close();
  }
  if (target?.closest("[data-print]")) window.print();
  if (target?.closest(".notice > .button--icon")) target.closest(".notice")?.remove();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-once") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // Over plain HTTP the browser does not heed the server's order to wipe what a site keeps.
  if (new URL(form.action).pathname.endsWith("/sign-out")) indexedDB.deleteDatabase("belfry");
  const button = event.submitter;
  if (button instanceof HTMLElement) button.dataset.busy = "";
});

// What was sent from Compose has arrived when the page of that post comes: the device's copy has done its work.
const sent = sessionStorage.getItem("belfry:sent");
if (sent && location.pathname.endsWith(`/posts/${sent.replace("post-", "")}`) && !document.querySelector("auto-save")) {
  sessionStorage.removeItem("belfry:sent");
  import("./lib/store.js").then(({ forget }) => forget(sent)).catch(() => {});
}

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  for (const button of document.querySelectorAll("[data-busy]")) button.removeAttribute("data-busy");
});

document.documentElement.dataset.script = "";
enliven(document);
new MutationObserver((changes) => {
  if (changes.some((change) => 0 < change.addedNodes.length)) enliven(document);
}).observe(document.body, { childList: true, subtree: true });
for (const dialog of document.querySelectorAll("dialog[data-open]")) {
  if (dialog instanceof HTMLDialogElement) open(dialog);
}
document.querySelector(".error-summary")?.scrollIntoView({ block: "nearest" });

if (window.isSecureContext && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(`/service-worker.js?assets=${document.body.dataset.digest}`).catch(() => {
    // Without it only the page for a lost connection is missing.
  });
}
