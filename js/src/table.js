/** The grid's twin as a table: the same Pods, for whoever reads rather than looks. */

import { make } from "./dom.js";
import { STATES } from "./states.js";

const COLUMNS = ["Namespace", "Name", "State", "Node", "Owner", "Restarts"];
// A table is for reading; beyond this many rows it says how many more there are.
const LIMIT = 500;

export class Table {
  constructor() {
    this.el = make("div", "k8sm-table", { hidden: "" });
    this.body = make("tbody", "");
    this.more = make("p", "k8sm-note");
    const table = make("table", "", { "aria-label": "Pods" });
    const head = make("thead", "");
    const row = make("tr", "");
    row.append(...COLUMNS.map((title) => make("th", "", { scope: "col" }, title)));
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
    pods.sort((a, b) => a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name));
    this.body.replaceChildren(
      ...pods.slice(0, LIMIT).map((pod) => {
        const row = make("tr", "");
        const word = STATES[pod.state]?.word ?? pod.state;
        const state = pod.reason && pod.reason !== "Running" && pod.reason !== word ? `${word} (${pod.reason})` : word;
        row.append(...[pod.namespace, pod.name, state, pod.node || "–", pod.owner || "–", String(pod.restarts)].map((text) => make("td", "", {}, text)));
        return row;
      }),
    );
    this.more.textContent = pods.length > LIMIT ? `and ${pods.length - LIMIT} more` : "";
  }
}
