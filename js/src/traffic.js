/**
 * Service traffic. `mountTraffic(el, store, options)` knows nothing of Jupyter and returns what takes it down again.
 *
 * Each load is a histogram: a bar an endpoint, whose length is what was sent there, exactly. All that moves is a
 * function of the frames.
 */

import { make, onTheme, ownKeys } from "./dom.js";
import { languageOf } from "./i18n.js";
import { draw } from "./svg.js";
import { LoadCard, lostBox, patterns } from "./traffic_load.js";
import { byVersion, shortImage } from "./traffic_data.js";
import { CAUSES, trafficWords } from "./traffic_words.js";

const ANNOUNCE_MS = 1000;

let legends = 0;

/**
 * @param {HTMLElement} el
 * @param {import("./store.js").Store} store
 * @param {{namespace?: string, service?: string, language?: string}} [options]
 * @returns {() => void} unmount
 */
export function mountTraffic(el, store, options = {}) {
  const words = trafficWords(options.language);
  const root = make("section", "k8sm k8sm-traffic", { "aria-label": words.title, lang: languageOf(options.language) });
  const head = make("header", "k8sm-head");
  const mode = make("span", "k8sm-t-mode", { role: "group", "aria-label": words.modeTitle });
  const [inTotal, perSecond] = [words.total, words.now].map((text) => make("button", "k8sm-toggle", { type: "button", title: words.modeTitle }, text));
  mode.append(inTotal, perSecond);
  const toggle = make("button", "k8sm-toggle", { type: "button", "aria-pressed": "false", title: words.tableTitle }, words.table);
  head.append(make("span", "k8sm-summary", {}, words.title), make("span", "k8sm-t-fill"), mode, toggle);
  const none = make("p", "k8sm-note", {}, words.none(options.service));
  const cards = make("div", "k8sm-t-loads");
  const table = make("div", "k8sm-table", { hidden: "" });
  const legend = make("footer", "k8sm-legend");
  const tip = make("div", "k8sm-tip", { role: "tooltip", hidden: "" });
  const live = make("p", "k8sm-live", { "aria-live": "polite" });
  root.append(head, none, cards, table, legend, tip, live);
  el.append(root);

  const key = (swatch, text) => {
    const item = make("span", "k8sm-key");
    item.append(swatch, text);
    return item;
  };
  const swatch = (className) => make("span", `k8sm-t-swatch ${className}`, { "aria-hidden": "true" });
  const id = `k8sm-tl${(legends += 1)}`;
  const defs = draw("svg", { class: "k8sm-t-defs", width: 0, height: 0, "aria-hidden": "true" }, [patterns(id)]);
  let explained = "";
  /** What the bars' looks mean: only those that are in use. */
  function paintLegend(found) {
    const isOld = found.some((load) => load.versions.some((version) => version.isOld));
    const causes = CAUSES.filter((cause) => found.some((load) => load.errors[cause]));
    const now = `${isOld} ${causes}`;
    if (now === explained) return;
    explained = now;
    legend.replaceChildren(defs, key(swatch("k8sm-t-ok"), words.answered));
    if (isOld) legend.append(key(swatch("k8sm-t-ok k8sm-t-oldswatch"), `${words.answered}, ${words.old}`));
    legend.append(...causes.map((cause) => key(lostBox(id, cause, "k8sm-t-swatch"), words.causes[cause])), key(swatch("k8sm-t-evenswatch"), words.even));
  }

  /** @type {Map<string, LoadCard>} */
  const shown = new Map();
  let isPerSecond = false;
  let pointed = null;
  const isOurs = (load) => (!options.namespace || load.namespace === options.namespace) && (!options.service || load.service === options.service);
  const loads = () => [...(store.traffic?.values() ?? [])].filter(isOurs);

  function onRow(row, text) {
    if (row === pointed) tip.textContent = text;
  }

  function paint() {
    const found = loads();
    none.hidden = found.length > 0;
    legend.hidden = mode.hidden = toggle.hidden = !found.length;
    const keys = new Set(found.map((load) => load.key));
    for (const [name, card] of shown) {
      if (keys.has(name)) continue;
      card.el.remove();
      shown.delete(name);
    }
    for (const load of found) {
      let card = shown.get(load.key);
      if (!card) {
        card = new LoadCard(words, onRow);
        shown.set(load.key, card);
        cards.append(card.el);
      }
      card.paint(load, isPerSecond);
    }
    if (pointed && !pointed.isConnected) hideTip();
    root.dataset.sent = String(found.reduce((sum, load) => sum + load.sent, 0));
    root.dataset.frames = String(store.frames);
    inTotal.setAttribute("aria-pressed", String(!isPerSecond));
    perSecond.setAttribute("aria-pressed", String(isPerSecond));
    paintLegend(found);
    if (!table.hidden) paintTable(found);
    rove();
    announce(found.map((load) => words.announce(load, [...shown.values()][0].lostWords(load.errors))).join(". "), found);
  }

  function paintTable(found) {
    const grid = make("table", "", { "aria-label": words.title });
    const row = (tag, texts) => {
      const line = make("tr", "");
      line.append(...texts.map((text) => make(tag, "", tag === "th" ? { scope: "col" } : {}, text)));
      return line;
    };
    const body = make("tbody", "");
    for (const load of found) {
      const card = shown.get(load.key);
      for (const { version, rows } of byVersion(load)) {
        for (const one of rows) {
          const name = version ? `${shortImage(version.image)} ${version.hash}` : "–";
          const answered = one.sent - one.failed - one.inFlight;
          const state = { leaving: words.leaving, gone: words.gone, ready: "Ready" }[one.state] ?? "–";
          body.append(row("td", [card.nameOf(one), name, state, one.sent.toLocaleString(), answered.toLocaleString(), card.lostWords(one.errors) || "0", one.nowSent.toLocaleString(), one.expected.toLocaleString()]));
        }
      }
    }
    const top = make("thead", "");
    top.append(row("th", words.columns));
    grid.append(top, body);
    table.replaceChildren(grid);
  }

  // What a screen reader hears: at most once a second, and only what is news.
  let announced = "";
  let wanted = "";
  let announceTimer = 0;
  function announce(text, found) {
    const news = found.map((load) => `${load.key} ${load.failed} ${load.running}`).join();
    if (news === announced) return;
    wanted = text;
    if (announceTimer) return;
    announced = news;
    announceTimer = window.setTimeout(() => {
      announceTimer = 0;
      live.textContent = wanted;
    }, ANNOUNCE_MS);
  }

  function setMode(toSeconds) {
    isPerSecond = toSeconds;
    paint();
  }
  function showTable(isOn) {
    const isInside = root.contains(document.activeElement);
    toggle.setAttribute("aria-pressed", String(isOn));
    table.hidden = !isOn;
    cards.hidden = isOn;
    if (isOn) paintTable(loads());
    // What had the focus may no longer be seen.
    if (isInside) toggle.focus();
  }

  const abort = new AbortController();
  ownKeys(root, abort.signal);
  const listen = (target, type, handler) => target.addEventListener(type, handler, { signal: abort.signal });
  listen(inTotal, "click", () => setMode(false));
  listen(perSecond, "click", () => setMode(true));
  listen(toggle, "click", () => showTable(table.hidden));

  const rowsInOrder = () => [...cards.querySelectorAll(".k8sm-t-row")];
  /** One stop for the tab key. */
  function rove() {
    const rows = rowsInOrder();
    if (rows.some((row) => row.tabIndex === 0) || !rows.length) return;
    rows[0].tabIndex = 0;
  }
  listen(root, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "t") return showTable(table.hidden);
    if (event.key === "n") return setMode(!isPerSecond);
    if (event.key === "Escape") return hideTip();
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step || !event.target.matches?.(".k8sm-t-row")) return;
    const rows = rowsInOrder();
    const next = rows[rows.indexOf(event.target) + step];
    event.preventDefault();
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });

  function showTip(row) {
    pointed = row;
    tip.textContent = row.getAttribute("aria-label");
    tip.hidden = false;
    const outer = root.getBoundingClientRect();
    const inner = row.getBoundingClientRect();
    tip.style.left = `${Math.max(0, Math.min(inner.left - outer.left + 12, outer.width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${inner.bottom - outer.top + 3}px`;
  }
  function hideTip() {
    pointed = null;
    tip.hidden = true;
  }
  const rowOf = (target) => target.closest?.(".k8sm-t-row");
  for (const [enter, leave] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    listen(cards, enter, (event) => rowOf(event.target) && showTip(rowOf(event.target)));
    listen(cards, leave, (event) => rowOf(event.target) && !rowOf(event.target).contains(event.relatedTarget) && hideTip());
  }

  const untheme = onTheme(root);
  const unsubscribe = store.subscribe((change) => {
    if (change.key || change.frame?.traffic) paint();
    root.dataset.frames = String(store.frames);
  });
  paint();

  return () => {
    unsubscribe();
    untheme();
    abort.abort();
    clearTimeout(announceTimer);
    root.remove();
  };
}
