/** The buttons under every view that stop time, let it go on, or let some pass at once: the same as %cluster pause, play, step, speed. */

import { make, onTheme, ownKeys } from "./dom.js";
import { languageOf } from "./i18n.js";
import { controlWords } from "./rollout_words.js";
import { draw } from "./svg.js";

export const SPEEDS = [0.5, 1, 2, 5, 10];
export const STEPS = [1, 10];
// An order that is not answered by then waits for a running cell.
const BUSY_MS = 900;

const PAUSE = "M3 2h3.5v12H3zM9.5 2H13v12H9.5z";
const PLAY = "M4 2l10 6-10 6z";
const STEP = "M2 2l7.5 6L2 14zM11 2h3v12h-3z";

/** `1:05`, `1:00:05`. @param {number} micros */
export function clock(micros) {
  const seconds = Math.floor(micros / 1e6);
  const two = (value) => String(value).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function button(label, icon, keys) {
  const el = make("button", "k8sm-button", { type: "button", tabindex: "-1", ...(keys ? { "aria-keyshortcuts": keys } : {}) });
  const text = make("span", "", {}, label);
  const path = icon ? draw("path", { d: icon }) : null;
  if (path) el.append(draw("svg", { viewBox: "0 0 16 16", class: "k8sm-icon", "aria-hidden": "true" }, [path]));
  el.append(text);
  return { el, text, path };
}

/**
 * @param {HTMLElement} el
 * @param {import("./store.js").Store} store
 * @param {{language?: string}} [options]
 * @returns {() => void} unmount
 */
export function mountControls(el, store, options = {}) {
  const words = controlWords(options.language);
  const root = make("div", "k8sm k8sm-controls", { role: "toolbar", "aria-label": words.toolbar, lang: languageOf(options.language) });
  const toggle = button(words.pause, PAUSE, "p");
  toggle.el.dataset.do = "toggle";
  const steps = STEPS.map((seconds) => {
    const found = button(`${seconds} s`, STEP, seconds === 1 ? "s" : "Shift+S");
    found.el.setAttribute("aria-label", words.step(seconds));
    found.el.title = `%cluster step ${seconds}s`;
    found.el.dataset.step = String(seconds);
    return found.el;
  });
  const group = make("span", "k8sm-speeds", { role: "group", "aria-label": words.speed });
  const speeds = SPEEDS.map((factor) => {
    const found = button(`${factor}×`, "", "");
    found.el.setAttribute("aria-label", words.times(factor));
    found.el.title = `%cluster speed ${factor}`;
    found.el.dataset.speed = String(factor);
    group.append(found.el);
    return found.el;
  });
  const state = make("span", "k8sm-state", {});
  const note = make("span", "k8sm-note", { role: "status" });
  const between = make("span", "k8sm-between");
  between.append(...steps);
  root.append(toggle.el, between, group, state, note);
  el.append(root);

  const buttons = [toggle.el, ...steps, ...speeds];
  toggle.el.tabIndex = 0;

  let busy = 0;
  let waiting = 0;
  async function order(what, source) {
    waiting += 1;
    clearTimeout(busy);
    busy = setTimeout(() => (note.textContent = words.busy), BUSY_MS);
    source.setAttribute("aria-busy", "true");
    const answer = await store.order(what, abort.signal);
    waiting -= 1;
    if (!waiting) clearTimeout(busy);
    source.removeAttribute("aria-busy");
    note.textContent = answer.ok ? "" : answer.text;
  }

  const isManual = () => !store.speed;
  const press = (source) => {
    if (source.getAttribute("aria-disabled") === "true") return;
    if (source === toggle.el) order({ do: store.paused ? "play" : "pause" }, source);
    else if (source.dataset.step) order({ do: "step", seconds: Number(source.dataset.step) }, source);
    else order({ do: "speed", factor: Number(source.dataset.speed) }, source);
  };

  function paint() {
    const { paused } = store;
    toggle.text.textContent = paused ? words.play : words.pause;
    toggle.path?.setAttribute("d", paused ? PLAY : PAUSE);
    toggle.el.title = paused ? "%cluster play" : "%cluster pause";
    for (const one of [toggle.el, ...speeds]) one.setAttribute("aria-disabled", String(isManual() || store.isLast));
    for (const one of steps) one.setAttribute("aria-disabled", String(store.isLast));
    for (const one of speeds) one.setAttribute("aria-pressed", String(Number(one.dataset.speed) === store.speed));
    root.dataset.state = store.isLast ? "last" : isManual() ? "manual" : paused ? "paused" : "running";
    const how = store.isLast ? words.last : isManual() ? words.manual : paused ? words.paused : words.running(store.speed);
    state.textContent = `${clock(store.now())} · ${how}`;
    state.title = words.clock;
  }

  const abort = new AbortController();
  ownKeys(root, abort.signal);
  const listen = (target, type, handler) => target.addEventListener(type, handler, { signal: abort.signal });
  for (const one of buttons) listen(one, "click", () => press(one));
  listen(root, "focusin", (event) => {
    if (!buttons.includes(event.target)) return;
    for (const one of buttons) one.tabIndex = one === event.target ? 0 : -1;
  });
  // One stop for the tab key; arrows go from button to button. The letters work anywhere in the view.
  listen(root, "keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  });
  listen(el, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input, textarea, select")) return;
    const source = { p: toggle.el, s: steps[0], S: steps[1] }[event.key];
    if (source) press(source);
  });

  const untheme = onTheme(root);
  const unsubscribe = store.subscribe(paint);
  const rest = store.every(500, paint);
  paint();
  return () => {
    unsubscribe();
    untheme();
    abort.abort();
    rest();
    clearTimeout(busy);
    root.remove();
  };
}
