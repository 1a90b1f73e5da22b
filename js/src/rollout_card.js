/** One Deployment in the rollout view: sentence, ends, bar, stream, legend, buttons, and why it is stuck. */

import { make } from "./dom.js";
import { AVAILABLE, countsAt, isMoving, PARTS, span, stateOf } from "./rollout_data.js";
import { drawBar, drawStream, part, patterns } from "./rollout_picture.js";
import { draw } from "./svg.js";

const GLYPHS = { rolling: "↻", done: "✓", paused: "‖", stuck: "!" };

export class Card {
  /** @param {any} words @param {(verb: string, rollout: any) => Promise<{ok: boolean, text: string}>} command */
  constructor(words, command) {
    this.words = words;
    this.el = make("article", "k8sm-rollout");
    this.name = make("h3", "k8sm-name");
    this.place = make("span", "k8sm-note");
    this.state = make("span", "k8sm-chip");
    this.answer = make("span", "k8sm-note k8sm-answer", { role: "status" });
    const buttons = make("span", "k8sm-verbs");
    this.toggle = make("button", "k8sm-button", { type: "button" });
    this.undo = make("button", "k8sm-button", { type: "button", "data-verb": "undo" }, words.undo);
    buttons.append(this.toggle, this.undo);
    const head = make("header", "k8sm-rollout-head");
    head.append(this.name, this.place, this.state, buttons);
    this.sentence = make("p", "k8sm-sentence");
    this.ends = make("div", "k8sm-ends");
    const { ids, defs } = patterns();
    this.ids = ids;
    this.bar = draw("svg", { class: "k8sm-bar", role: "img" });
    this.stream = draw("svg", { class: "k8sm-stream", role: "img" });
    this.defs = draw("svg", { width: 0, height: 0, class: "k8sm-defs", "aria-hidden": "true" }, [defs]);
    this.tip = make("div", "k8sm-tip", { hidden: "" });
    this.legend = make("ul", "k8sm-legend");
    this.trouble = make("div", "k8sm-trouble");
    this.el.append(head, this.answer, this.sentence, this.trouble, this.ends, this.bar, this.stream, this.legend, this.defs, this.tip);
    this.stream.onpointermove = (event) => this.#point(event);
    this.stream.onpointerleave = () => (this.tip.hidden = true);
    for (const button of [this.toggle, this.undo]) {
      button.onclick = async () => {
        button.setAttribute("aria-busy", "true");
        const verb = button.dataset.verb;
        this.revision = this.rollout.new?.revision;
        const answer = await command(verb, this.rollout);
        button.removeAttribute("aria-busy");
        // The next revision is what an undo was for; one after it is another story.
        this.isAwaited = answer.ok && verb === "undo";
        this.answer.textContent = answer.text;
        this.answer.classList.toggle("k8sm-refused", !answer.ok);
      };
    }
  }

  /** What is text: changes only with the frames. @param {import("./rollout_data.js").Rollout} rollout */
  tell(rollout) {
    const { words } = this;
    this.rollout = rollout;
    const state = stateOf(rollout);
    this.#forget(rollout.new?.revision);
    this.el.dataset.name = rollout.name;
    this.el.dataset.state = state;
    this.el.dataset.counts = JSON.stringify(rollout.counts);
    this.el.setAttribute("aria-label", rollout.name);
    this.name.textContent = rollout.name;
    this.place.textContent = words.in(rollout.namespace);
    this.state.textContent = `${GLYPHS[state]} ${words.states[state]}`;
    this.toggle.textContent = rollout.paused ? words.resume : words.pause;
    this.toggle.dataset.verb = rollout.paused ? "resume" : "pause";
    for (const button of [this.toggle, this.undo]) button.title = `kubectl rollout ${button.dataset.verb} deployment/${rollout.name}`;
    this.sentence.textContent = rollout.sentence;
    this.ends.replaceChildren(this.#end(rollout.old, "k8sm-end"), this.#end(rollout.new, "k8sm-end k8sm-end-new"));
    this.legend.replaceChildren(...this.#keys(rollout));
    this.trouble.replaceChildren(...this.#troubles(rollout));
    this.bar.setAttribute("aria-label", this.describe(rollout));
    this.stream.setAttribute("aria-label", `${words.stream}: ${rollout.name}`);
  }

  /** An answer stands until there is another revision than the one it was about. */
  #forget(revision) {
    if (revision === this.revision) return;
    if (!this.isAwaited) this.answer.textContent = "";
    this.isAwaited = false;
    this.revision = revision;
  }

  /** What is drawn: a function of simulated time. @param {number} now @param {boolean} tweened */
  paint(now, tweened) {
    const width = Math.max(280, this.el.clientWidth - 24);
    this.picture = drawStream(this.rollout, now, width, this.words, this.ids);
    for (const [svg, picture] of [
      [this.bar, drawBar(this.rollout, now, width, this.words, tweened, this.ids)],
      [this.stream, this.picture],
    ]) {
      svg.setAttribute("viewBox", `0 0 ${width} ${picture.height}`);
      svg.setAttribute("width", String(width));
      svg.setAttribute("height", String(picture.height));
      svg.replaceChildren(...picture.drawn);
    }
  }

  /** Without a kernel there is nothing to command. @param {boolean} isOn */
  setEnabled(isOn) {
    for (const button of [this.toggle, this.undo]) button.disabled = !isOn;
  }

  /** @param {number} now */
  isMoving(now) {
    return isMoving(this.rollout, now);
  }

  /** What stood at the instant under the pointer. */
  #point(event) {
    const { left, width } = this.stream.getBoundingClientRect();
    const card = this.el.getBoundingClientRect();
    const inner = Number(this.stream.getAttribute("width"));
    const time = this.picture.timeAt(((event.clientX - left) / width) * inner);
    const { points } = this.rollout;
    this.tip.hidden = !points.length || time < points[0][0] || time > this.picture.until;
    if (this.tip.hidden) return;
    const counts = countsAt(points, time, false);
    const parts = PARTS.map((_, index) => (counts[index] ? `${counts[index]} ${this.words.parts[index]}` : "")).filter(Boolean);
    this.tip.textContent = [this.picture.since(time), ...parts, `${counts[AVAILABLE]} ${this.words.available}`].join(" · ");
    this.tip.style.top = `${this.stream.getBoundingClientRect().top - card.top - 24}px`;
    this.tip.style.left = `${Math.max(0, Math.min(event.clientX - card.left - 60, card.width - this.tip.offsetWidth - 8))}px`;
  }

  /** In words, as a screen reader and the live region say it. */
  describe(rollout) {
    const { words } = this;
    const counts = PARTS.map((_, index) => `${rollout.counts[index]} ${words.parts[index]}`);
    return `${rollout.name}: ${counts.join("; ")}; ${words.desired(rollout.counts[5])}`;
  }

  #end(side, className) {
    const { words } = this;
    const el = make("span", className);
    if (!side) {
      el.append(make("span", "k8sm-note", {}, words.noOld));
      return el;
    }
    const title = side.revision.includes(",") ? words.revisions(side.revision) : words.revision(side.revision);
    el.append(make("strong", "", {}, title), make("code", "", {}, side.images.join(", ")));
    if (!side.pods) el.append(make("span", "k8sm-note", {}, words.gone));
    return el;
  }

  #keys(rollout) {
    const { words } = this;
    const keys = PARTS.map((kind, index) => {
      const swatch = draw("svg", { width: 18, height: 16, viewBox: "0 0 18 16", "aria-hidden": "true" }, part(index, { x: 0, y: 0, width: 18, height: 16 }, 18, 0, this.ids));
      const key = make("li", "k8sm-key", { "data-key": kind });
      const failing = index === 1 ? rollout.oldFailing : index === 2 ? rollout.failing : 0;
      key.append(swatch, make("b", "", {}, String(rollout.counts[index])), words.parts[index]);
      if (failing) key.append(make("span", "k8sm-failing", {}, `! ${words.failing(failing)}`));
      return key;
    });
    const line = make("li", "k8sm-key");
    line.append(draw("svg", { width: 18, height: 16, "aria-hidden": "true" }, [draw("path", { d: "M0 8H18", class: "k8sm-available" })]), make("b", "", {}, String(rollout.counts[AVAILABLE])), words.available);
    keys.push(line);
    if (rollout.terminating) keys.push(make("li", "k8sm-key", {}, `× ${words.terminating(rollout.terminating)}`));
    return keys;
  }

  #troubles(rollout) {
    const { words } = this;
    const lines = [];
    if (rollout.isStuck) lines.push(this.#trouble("k8sm-stuck", words.why, rollout.stuck));
    for (const [reason, pods, message] of rollout.reasons.slice(0, 4)) {
      lines.push(this.#trouble(rollout.isStuck ? "k8sm-stuck" : "k8sm-waits", words.notReady, `${words.pods(pods)}: ${reason}`, message));
    }
    for (const [from, to, fault] of rollout.leavings.slice(-2)) {
      const origin = rollout.marks[0]?.[0] ?? rollout.points[1]?.[0] ?? from;
      const at = from < origin ? words.before(span(origin - from)) : words.after(span(from - origin));
      lines.push(this.#trouble("k8sm-stuck", words.bandLeft, words.leftAt(words.left[fault] ?? fault, at, to === null ? words.still : words.for(span(to - from)))));
    }
    return lines;
  }

  #trouble(className, title, text, message = "") {
    const line = make("p", className);
    line.append(make("b", "", {}, className === "k8sm-stuck" ? `! ${title}` : title), ` ${text}`);
    if (message) line.append(make("span", "k8sm-note k8sm-message", { title: message }, message));
    return line;
  }
}
