/** The grid's twin as a table: the same Pods, for whoever reads rather than looks. */

import { make } from "./dom.js";
import { stateOf } from "./states.js";

// A table is for reading; beyond this many rows it says how many more there are.
const LIMIT = 500;

export class Table {
  /** @param {any} t words */
  constructor(t) {
    this.t = t;
    this.el = make("div", "k8sm-table", { hidden: "" });
    this.body = make("tbody", "");
    this.more = make("p", "k8sm-note");
    const table = make("table", "", { "aria-label": t.rows });
    const head = make("thead", "");
    const row = make("tr", "");
    row.append(...t.columns.map((title) => make("th", "", { scope: "col" }, title)));
    head.append(row);
    table.append(head, this.body);
    this.el.append(table, this.more);
  }

  /** @param {boolean} isOn */
  setVisible(isOn) {
    this.el.hidden = !isOn;
  }

  /** @param {import("./store.js").Store} store @param {(pod: any) => boolean} isShown */
  paint(store, isShown) {
    if (this.el.hidden) return;
    const pods = [...store.pods.values()].filter(isShown);
    const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
    pods.sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name));
    this.body.replaceChildren(
      ...pods.slice(0, LIMIT).map((pod) => {
        const row = make("tr", "");
        const texts = [pod.namespace, pod.name, stateOf(pod, this.t), pod.node || "–", pod.owner || "–", pod.revision || "–", String(pod.restarts)];
        row.append(...texts.map((text) => make("td", "", {}, text)));
        return row;
      }),
    );
    this.more.textContent = pods.length > LIMIT ? this.t.more(pods.length - LIMIT) : "";
  }
}
