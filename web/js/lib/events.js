// @ts-check
// What happens on the server, as it happens: one event stream for the whole browser. Of several tabs one holds the
// stream (a lock says which) and passes on what it hears; where locks are missing (plain HTTP) each visible tab has its
// own. A hidden tab lets go, and asks for what it missed when it is seen again. Messages are JSON:
// {"what": "publication", "id": "…"}, each with a number.

const address = document.body.dataset.events;
const channel = "BroadcastChannel" in window ? new BroadcastChannel(`belfry:${address}`) : null;
/** @type {AbortController | null} */
let open = null;
let listening = false;
/** The number of the newest change that this page shows or has heard of. */
let seen = Number(document.body.dataset.seen ?? 0);
/** A server that refuses the stream is asked again after so long. */
const COME_BACK_MS = 15_000;

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
    /** @type {EventSource} */ let source;
    /** @type {ReturnType<typeof setTimeout> | undefined} */ let again;
    const connect = () => {
      // After a break the browser says by itself which number it heard last; a new stream is told.
      source = new EventSource(`${address}?after=${seen}`);
      source.addEventListener("message", (event) => {
        const heard = { ...JSON.parse(event.data), number: Number(event.lastEventId) };
        channel?.postMessage(heard);
        tell(heard);
      });
      source.addEventListener("error", () => {
        if (source.readyState === EventSource.CLOSED) again = setTimeout(connect, COME_BACK_MS);
      });
    };
    connect();
    signal.addEventListener("abort", () => { clearTimeout(again); source.close(); resolve(); });
  });
}

/** @param {{ what: string, number: number }} heard */
function tell(heard) {
  // Another tab may have passed it on already.
  if (heard.number <= seen && heard.what !== "*") return;
  seen = heard.number;
  document.dispatchEvent(new CustomEvent("belfry:event", { detail: heard }));
}
