/** The waiting room: Pods that no node has taken yet, each with its reason. */

import { Cells } from "./cells.js";
import { make } from "./dom.js";
import { stateOf } from "./states.js";

// So many stand in the room; the rest is counted.
const PLACES = 48;
const LINES = 4;

export class WaitingRoom {
  /** @param {import("./store.js").Store} store @param {any} t words */
  constructor(store, t) {
    this.store = store;
    this.t = t;
    this.el = make("div", "k8sm-waiting", { hidden: "", role: "group", "aria-label": t.waiting });
    this.title = make("span", "k8sm-name", {}, t.waiting);
    const place = make("div", "k8sm-cells");
    this.why = make("ul", "k8sm-why");
    this.el.append(this.title, place, this.why);
    this.cells = new Cells(place, store, t, { limit: PLACES });
  }

  /** Why they wait: one line for each reason. @param {import("./store.js").Pod[]} pods */
  paint(pods) {
    this.el.hidden = pods.length === 0;
    const reasons = new Map();
    for (const pod of pods) {
      const text = pod.message ? `${pod.reason}: ${pod.message}` : stateOf(pod, this.t);
      if (!reasons.has(text)) reasons.set(text, []);
      reasons.get(text).push(pod.name);
    }
    const lines = [...reasons].slice(0, LINES).map(([text, names]) => {
      const who = names.length === 1 ? names[0] : names.length <= 3 ? names.join(", ") : `${names[0]} ${this.t.more(names.length - 1)}`;
      const line = make("li", "k8sm-note");
      line.append(make("b", "", {}, who), ` ${text}`);
      return line;
    });
    if (reasons.size > LINES) lines.push(make("li", "k8sm-note", {}, this.t.more(reasons.size - LINES)));
    this.why.replaceChildren(...lines);
  }
}
