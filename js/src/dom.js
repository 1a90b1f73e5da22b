/** Small makers of elements; text is always set as text, never as HTML. */

/** @param {string} tag @param {string} className @param {Record<string, string>} [attributes] @param {string} [text] */
export function make(tag, className, attributes = {}, text = "") {
  const el = document.createElement(tag);
  el.className = className;
  for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
  if (text) el.textContent = text;
  return el;
}

/** Whether the page around the view is dark: by its theme where it says so, else by the system. */
function isDark() {
  const theme = document.body.dataset.jpThemeLight ?? "";
  if (theme) return theme === "false";
  if (document.body.classList.contains("vscode-dark")) return true;
  return window.matchMedia?.("(prefers-color-scheme: dark)").matches ?? false;
}

/** Keep a view's theme like the page's. @param {HTMLElement} root @param {() => void} [after] @returns {() => void} stop */
export function onTheme(root, after = () => {}) {
  const follow = () => {
    if (root.classList.toggle("k8sm-dark", isDark()) !== was) after();
    was = root.classList.contains("k8sm-dark");
  };
  let was = isDark();
  follow();
  const observer = new MutationObserver(follow);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  const system = window.matchMedia?.("(prefers-color-scheme: dark)");
  system?.addEventListener("change", follow);
  return () => {
    observer.disconnect();
    system?.removeEventListener("change", follow);
  };
}

/** Keys that are pressed in a view are the view's: Jupyter's shortcuts, which would hear them first, let an element be
 * that says so itself. @param {HTMLElement} root @param {AbortSignal} signal */
export function ownKeys(root, signal) {
  const own = (el) => el.setAttribute("data-lm-suppress-shortcuts", "true");
  own(root);
  root.addEventListener("focusin", (event) => own(event.target), { signal });
}
