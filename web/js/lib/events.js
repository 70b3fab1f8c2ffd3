// @ts-check
// What happens on the server, as it happens: one event stream for the whole browser. Of several tabs one holds the
// stream (a lock says which) and passes on what it hears; where locks are missing (plain HTTP) each visible tab has its
// own. A hidden tab lets go. Messages are JSON: {"what": "publication", "id": "…"}.

const address = document.body.dataset.events;
const channel = "BroadcastChannel" in window ? new BroadcastChannel(`belfry:${address}`) : null;
/** @type {AbortController | null} */
let open = null;
let listening = false;

/** Begins to listen; each event is then announced on the document as `belfry:event`. */
export function listen() {
  if (listening || !address) return;
  listening = true;
  channel?.addEventListener("message", (event) => tell(event.data));
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : start()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", start);
  start();
}

function start() {
  if (open || document.hidden) return;
  const mine = (open = new AbortController());
  if (!navigator.locks) return void stream(mine.signal);
  navigator.locks.request(`belfry:${address}`, { signal: mine.signal }, () => stream(mine.signal)).catch(() => {
    // Let go before it was this tab's turn.
  });
}

function close() {
  open?.abort();
  open = null;
}

/** Holds the stream until let go. @param {AbortSignal} signal @returns {Promise<void>} */
function stream(signal) {
  return new Promise((resolve) => {
    const source = new EventSource(address ?? "");
    let lost = false;
    source.addEventListener("message", (event) => {
      const heard = JSON.parse(event.data);
      tell(heard);
      channel?.postMessage(heard);
    });
    source.addEventListener("error", () => (lost = true));
    // After a break nobody knows what was missed: everything is asked for again.
    source.addEventListener("open", () => {
      if (lost) tell({ what: "*" });
      lost = false;
    });
    signal.addEventListener("abort", () => { source.close(); resolve(); });
  });
}

/** @param {{ what: string }} heard */
function tell(heard) {
  document.dispatchEvent(new CustomEvent("belfry:event", { detail: heard }));
}
