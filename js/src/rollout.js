/**
 * Rollout progress. `mountRollout(el, store, options)` knows nothing of Jupyter and returns what takes it down again.
 *
 * Everything drawn is a function of the frames and of simulated time; with reduced motion the same instants appear
 * without tweening.
 */

import { make, onTheme, ownKeys } from "./dom.js";
import { Card } from "./rollout_card.js";
import { languageOf } from "./i18n.js";
import { chosen } from "./rollout_data.js";
import { rolloutWords } from "./rollout_words.js";

const ANNOUNCE_MS = 1000;
// How often a running stream is drawn when nothing else moves.
const SLOW_MS = 250;

/**
 * @param {HTMLElement} el
 * @param {import("./store.js").Store} store
 * @param {{namespace?: string, names?: string[], language?: string}} [options] no name shows every Deployment
 * @returns {() => void} unmount
 */
export function mountRollout(el, store, options = {}) {
  const words = rolloutWords(options.language);
  const { namespace = "" } = options;
  const names = options.names ?? [];
  const root = make("section", "k8sm k8sm-rollouts", { "aria-label": words.title, lang: languageOf(options.language) });
  const head = make("header", "k8sm-head");
  const title = make("span", "k8sm-summary", {}, words.title);
  const toggle = make("button", "k8sm-toggle", { type: "button", "aria-pressed": "false", title: words.tableTitle }, words.table);
  head.append(title, make("span", "k8sm-clock"), toggle);
  const none = make("p", "k8sm-note", { hidden: "" });
  const list = make("div", "k8sm-rollout-list");
  const table = make("div", "k8sm-table", { hidden: "" });
  const live = make("p", "k8sm-live", { "aria-live": "polite" });
  root.append(head, none, list, table, live);
  el.append(root);

  const still = window.matchMedia?.("(prefers-reduced-motion: reduce)");
  /** @type {Map<string, Card>} */
  const cards = new Map();
  const command = (verb, rollout) => store.order({ do: "rollout", verb, name: rollout.name, namespace: rollout.namespace }, abort.signal);

  function tell() {
    const shown = chosen(store.rollouts, namespace, names);
    for (const [uid, card] of cards) {
      if (shown.some((one) => one.uid === uid)) continue;
      card.el.remove();
      cards.delete(uid);
    }
    shown.forEach((rollout, index) => {
      let card = cards.get(rollout.uid);
      if (!card) cards.set(rollout.uid, (card = new Card(words, command)));
      if (card.rollout !== rollout) card.tell(rollout);
      card.setEnabled(!store.isLast);
      if (list.children[index] !== card.el) list.insertBefore(card.el, list.children[index] ?? null);
    });
    const missing = names.filter((name) => !shown.some((one) => one.name === name));
    none.hidden = shown.length > 0 && missing.length === 0;
    none.textContent = missing.length ? words.notFound(missing.join(", ")) : words.none;
    if (!table.hidden) paintTable(shown);
    announce(shown.map((one) => one.sentence).join(" "));
  }

  let frame = 0;
  function paint() {
    cancelAnimationFrame(frame);
    const now = store.now();
    for (const card of cards.values()) card.paint(now, !still?.matches);
    if (store.paused || !store.speed) return;
    if (!still?.matches && [...cards.values()].some((card) => card.isMoving(now))) frame = requestAnimationFrame(paint);
  }

  function beat() {
    const all = [...cards.values()];
    for (const card of all) card.setEnabled(!store.isLast);
    if (!store.paused && store.speed && all.some((card) => card.rollout.end === null)) paint();
  }

  function paintTable(shown) {
    const row = (cells, tag) => {
      const line = make("tr", "");
      line.append(...cells.map((text) => make(tag, "", tag === "th" ? { scope: "col" } : {}, String(text))));
      return line;
    };
    const grid = make("table", "", { "aria-label": words.title });
    const [top, body] = [make("thead", ""), make("tbody", "")];
    top.append(row(words.columns, "th"));
    body.append(...shown.map((one) => row([`${one.namespace}/${one.name}`, ...one.counts, one.sentence], "td")));
    grid.append(top, body);
    table.replaceChildren(grid);
  }

  function showTable(isOn) {
    const isInside = root.contains(document.activeElement);
    toggle.setAttribute("aria-pressed", String(isOn));
    table.hidden = !isOn;
    list.hidden = isOn;
    tell();
    paint();
    // What had the focus may no longer be seen.
    if (isInside) toggle.focus();
  }

  let announced = "";
  let announcing = 0;
  function announce(text) {
    if (text === announced || announcing) return;
    announcing = window.setTimeout(() => {
      announcing = 0;
      announced = chosen(store.rollouts, namespace, names).map((one) => one.sentence).join(" ");
      live.textContent = announced;
    }, ANNOUNCE_MS);
  }

  const abort = new AbortController();
  ownKeys(root, abort.signal);
  const listen = (target, type, handler) => target.addEventListener(type, handler, { signal: abort.signal });
  listen(toggle, "click", () => showTable(toggle.getAttribute("aria-pressed") !== "true"));
  listen(root, "keydown", (event) => {
    if (event.key === "t" && !event.ctrlKey && !event.metaKey && !event.altKey) showTable(toggle.getAttribute("aria-pressed") !== "true");
  });
  const untheme = onTheme(root);
  const resized = new ResizeObserver(() => paint());
  resized.observe(root);
  const unsubscribe = store.subscribe(() => {
    tell();
    paint();
    root.dataset.frames = String(store.frames);
  });
  const rest = store.every(SLOW_MS, beat);
  tell();
  paint();

  return () => {
    unsubscribe();
    untheme();
    resized.disconnect();
    abort.abort();
    cancelAnimationFrame(frame);
    rest();
    clearTimeout(announcing);
    root.remove();
  };
}
