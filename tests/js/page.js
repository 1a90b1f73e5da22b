/**
 * A page without a browser, for `node --test`: jsdom, time that stands until a test lets it pass, and a ledger of all
 * that was begun and not ended: listeners, timers, frames of the screen, observers, animations.
 */

import { JSDOM } from "jsdom";

const WIDTH = 900;
const FRAME_MS = 16;
const CELL = 26;

/** What is open, by name. */
class Ledger {
  constructor() {
    /** @type {Map<string, number>} */
    this.open = new Map();
    this.begun = 0;
  }

  begin(what) {
    this.begun += 1;
    this.open.set(what, (this.open.get(what) ?? 0) + 1);
  }

  end(what) {
    const left = this.open.get(what) - 1;
    if (left) this.open.set(what, left);
    else this.open.delete(what);
  }

  left() {
    return Object.fromEntries(this.open);
  }
}

/** Whether who calls a wrapper is a library: what jsdom begins for itself is no part of the ledger. */
function isLibrary() {
  return new Error().stack.split("\n")[3].includes("node_modules");
}

/** Timers and frames of the screen that only `tick` lets come. */
class Clock {
  constructor(ledger) {
    this.ledger = ledger;
    this.now = 1000;
    this.ids = 0;
    /** @type {Map<number, {what: string, at: number, every: number, back: (now: number) => void}>} */
    this.due = new Map();
  }

  begin(what, back, ms, every) {
    const id = (this.ids += 1);
    this.ledger.begin(what);
    this.due.set(id, { what, at: this.now + ms, every, back });
    return id;
  }

  end(id) {
    const timer = this.due.get(id);
    if (timer) this.ledger.end(timer.what);
    this.due.delete(id);
  }

  tick(ms) {
    const until = this.now + ms;
    for (;;) {
      const [id, timer] = [...this.due].sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0] ?? [0, null];
      if (!timer || timer.at > until) break;
      this.now = Math.max(this.now, timer.at);
      if (timer.every) timer.at += timer.every;
      else this.end(id);
      timer.back(this.now);
    }
    this.now = until;
  }
}

/** A 2D context that writes down what is asked of it. */
function pen(canvas) {
  const calls = [];
  const target = { canvas, calls, measureText: (text) => ({ width: 6 * text.length }) };
  return new Proxy(target, {
    get: (own, name) => (name in own ? own[name] : (...words) => void calls.push([name, ...words])),
    set: (own, name, value) => {
      own[name] = value;
      calls.push([`${String(name)}=`, value]);
      return true;
    },
  });
}

export class Page {
  /** @param {{language?: string, isDark?: boolean, isReduced?: boolean}} [options] */
  constructor({ language = "en-US", isDark = false, isReduced = false } = {}) {
    this.ledger = new Ledger();
    this.clock = new Clock(this.ledger);
    this.media = { "(prefers-color-scheme: dark)": isDark, "(prefers-reduced-motion: reduce)": isReduced };
    this.travelled = 0;
    this.window = new JSDOM("<!doctype html><html><body></body></html>", { pretendToBeVisual: true }).window;
    this.document = this.window.document;
    this.#listeners();
    this.#layout();
    this.#animations();
    const { window, clock } = this;
    const later = globalThis.setTimeout;
    const timers = {
      setTimeout: (back, ms = 0) => (isLibrary() ? later(back, ms) : clock.begin("timeout", back, ms, 0)),
      clearTimeout: (id) => clock.end(id),
      setInterval: (back, ms) => clock.begin("interval", back, ms, ms),
      clearInterval: (id) => clock.end(id),
      requestAnimationFrame: (back) => clock.begin("frame", back, FRAME_MS, 0),
      cancelAnimationFrame: (id) => clock.end(id),
      matchMedia: (query) => this.#medium(query),
      getComputedStyle: window.getComputedStyle.bind(window),
      ...this.#observers(),
    };
    Object.assign(window, timers);
    const globals = { ...timers, window, document: this.document, performance: { now: () => clock.now }, navigator: { language } };
    for (const name of ["AbortController", "DOMRect", "HTMLElement"]) if (window[name]) globals[name] = window[name];
    globals.DOMRect ??= class {
      constructor(x, y, width, height) {
        Object.assign(this, { left: x, top: y, width, height, right: x + width, bottom: y + height });
      }
    };
    this.#install(globals);
  }

  /** In the place of Node's own, until `close`. */
  #install(globals) {
    this.before = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
    for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }

  #listeners() {
    const { ledger, window } = this;
    const { addEventListener: add, removeEventListener: drop } = window.EventTarget.prototype;
    /** @type {WeakMap<object, Map<string, Set<any>>>} */
    const held = new WeakMap();
    const name = (target, type) => `${type} on ${target === window ? "window" : (target.nodeName ?? target.media ?? "an object")}`;
    const heard = (target, type, options) => {
      const key = `${type}/${Boolean(options?.capture ?? options === true)}`;
      if (!held.has(target)) held.set(target, new Map());
      if (!held.get(target).has(key)) held.get(target).set(key, new Set());
      return held.get(target).get(key);
    };
    window.EventTarget.prototype.addEventListener = function (type, listener, options) {
      const target = this ?? window;
      const all = heard(target, type, options);
      if (!all.has(listener) && !options?.signal?.aborted && !isLibrary()) {
        all.add(listener);
        ledger.begin(name(target, type));
        const ended = () => all.delete(listener) && ledger.end(name(target, type));
        if (options?.signal) add.call(options.signal, "abort", ended);
        if (options?.once) add.call(target, type, ended, { once: true });
      }
      return add.call(target, type, listener, options);
    };
    window.EventTarget.prototype.removeEventListener = function (type, listener, options) {
      const target = this ?? window;
      if (heard(target, type, options).delete(listener)) ledger.end(name(target, type));
      return drop.call(target, type, listener, options);
    };
  }

  /** jsdom lays nothing out: all is as wide as the page, and cells stand in a row. */
  #layout() {
    const { window } = this;
    const { HTMLElement, HTMLCanvasElement, Element } = window;
    Object.defineProperty(HTMLElement.prototype, "clientWidth", { get: () => WIDTH, configurable: true });
    Element.prototype.getBoundingClientRect = function () {
      const at = this.parentNode ? [...this.parentNode.children].indexOf(this) : 0;
      return { left: at * CELL, top: 0, right: (at + 1) * CELL, bottom: CELL, width: CELL, height: CELL };
    };
    HTMLCanvasElement.prototype.getContext = function () {
      return (this.pen ??= pen(this));
    };
  }

  #animations() {
    const page = this;
    this.window.Element.prototype.animate = function () {
      page.travelled += 1;
      page.ledger.begin("animation");
      const animation = {
        playState: "running",
        play: () => (animation.playState = "running"),
        pause: () => (animation.playState = "paused"),
        cancel: () => {
          if (animation.playState !== "idle") page.ledger.end("animation");
          animation.playState = "idle";
          animation.oncancel?.();
        },
      };
      return animation;
    };
  }

  #observers() {
    const { ledger, window } = this;
    const counted = (what, Base) =>
      class extends Base {
        observe(...words) {
          if (!this.isOn) ledger.begin(what);
          this.isOn = true;
          super.observe?.(...words);
        }

        disconnect() {
          if (this.isOn) ledger.end(what);
          this.isOn = false;
          super.disconnect?.();
        }
      };
    return {
      MutationObserver: counted("MutationObserver", window.MutationObserver),
      ResizeObserver: counted("ResizeObserver", Object),
      IntersectionObserver: counted("IntersectionObserver", Object),
    };
  }

  #medium(query) {
    const medium = new this.window.EventTarget();
    return Object.assign(medium, { media: query, matches: this.media[query] ?? false });
  }

  /** An element to mount into. */
  place() {
    return this.document.body.appendChild(this.document.createElement("div"));
  }

  find(selector) {
    return this.document.querySelector(selector);
  }

  all(selector) {
    return [...this.document.querySelectorAll(selector)];
  }

  /** A key as a person presses it where the focus is. */
  press(key, more = {}) {
    const at = this.document.activeElement;
    const event = new this.window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
    const goesOn = at.dispatchEvent(event);
    if (goesOn && (key === "Enter" || key === " ") && at.nodeName === "BUTTON") at.click();
  }

  point(el, type) {
    el.dispatchEvent(new this.window.MouseEvent(type, { bubbles: true, clientX: 40, clientY: 10 }));
  }

  tick(ms) {
    this.clock.tick(ms);
  }

  /** Let promises be kept. */
  async settle() {
    for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  close() {
    for (const [name, before] of this.before) {
      if (before) Object.defineProperty(globalThis, name, before);
      else delete globalThis[name];
    }
    this.window.close();
  }
}

/** A page that is closed when the test has ended. */
export function open(t, options) {
  const page = new Page(options);
  t.after(() => page.close());
  return page;
}
