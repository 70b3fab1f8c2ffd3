// @ts-check
// Small things every behaviour needs: tell, announce, swap.

/** Shows a sentence where answers stand; it is read out. @param {string | undefined} text @param {"done" | "problem"} kind */
export function say(text, kind = "problem") {
  const place = document.getElementById("notices");
  if (!place || !text) return;
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.dataset.kind = kind;
  const sentence = document.createElement("p");
  sentence.className = "notice__text";
  sentence.textContent = text;
  notice.append(sentence);
  place.replaceChildren(notice);
}

/** Says that something happened, upwards from an element. @param {EventTarget} from @param {string} what @param {unknown} [detail] */
export function announce(from, what, detail) {
  from.dispatchEvent(new CustomEvent(`belfry:${what}`, { bubbles: true, detail }));
}

/** Puts a fragment the server drew in place of what is inside; the focus stays where it was, and what was unfolded stays so. @param {Element} place @param {string} html */
export function swap(place, html) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const key = focused && (focused.id ? `#${CSS.escape(focused.id)}` : focused.getAttribute("href") && `a[href="${CSS.escape(focused.getAttribute("href") ?? "")}"]`);
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const open of place.querySelectorAll("details[open][id]")) template.content.getElementById(open.id)?.setAttribute("open", "");
  place.replaceChildren(template.content);
  const again = key && place.querySelector(key);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/** Calls once things have been quiet for a while. @param {() => void} action @param {number} quietMs */
export function debounce(action, quietMs) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return { call() { clearTimeout(timer); timer = setTimeout(action, quietMs); }, stop() { clearTimeout(timer); } };
}
