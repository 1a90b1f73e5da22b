/** The story of one Pod or node: what the picture knows of it at once, and the rest when the kernel answers. */

import { make } from "./dom.js";
import { nodeWords } from "./nodes.js";
import { span, stateOf } from "./states.js";

export class Story {
  /** @param {import("./store.js").Store} store @param {any} t @param {() => void} onClose */
  constructor(store, t, onClose) {
    this.store = store;
    this.t = t;
    this.id = "";
    this.abort = new AbortController();
    this.el = make("div", "k8sm-story", { role: "region", hidden: "", tabindex: "-1" });
    this.title = make("h3", "k8sm-story-title");
    const close = make("button", "k8sm-toggle", { type: "button" }, t.close);
    close.onclick = () => this.close(onClose);
    const head = make("div", "k8sm-story-head");
    head.append(this.title, close);
    this.body = make("div", "k8sm-story-body");
    this.el.append(head, this.body);
  }

  get isOpen() {
    return this.id !== "";
  }

  /** @param {string} id a Pod's uid, or `node/NAME` */
  open(id) {
    this.id = id;
    this.el.hidden = false;
    this.answer = null;
    this.paint();
    this.ask();
  }

  close(after = () => {}) {
    if (!this.isOpen) return;
    this.id = "";
    this.el.hidden = true;
    after();
  }

  /** Ask for the rest; an answer that comes late for another object is let go. */
  async ask() {
    const id = this.id;
    const order = id.startsWith("node/") ? { do: "story", node: id.slice(5) } : { do: "story", uid: id };
    const answer = await this.store.order(order, this.abort.signal);
    if (id !== this.id) return;
    if (answer.ok) this.answer = answer.story;
    this.paint();
  }

  /** The picture has changed. @param {Set<string>} changed ids */
  follow(changed) {
    if (!this.isOpen || !changed.has(this.id)) return;
    this.paint();
    this.ask();
  }

  destroy() {
    this.abort.abort();
  }

  paint() {
    const { t, store, id, answer } = this;
    const node = id.startsWith("node/") ? store.nodes.get(id.slice(5)) : null;
    const pod = node ? null : store.pods.get(id);
    const facts = [];
    if (pod) {
      this.title.textContent = `Pod ${pod.namespace}/${pod.name}`;
      facts.push(["state", stateOf(pod, t)]);
      if (pod.message) facts.push(["reason", pod.message]);
      if (pod.owner) facts.push(["owner", pod.isOld ? `${pod.owner} (${t.old})` : pod.owner]);
      if (pod.revision) facts.push(["revision", pod.revision]);
      if (!answer) facts.push(["node", pod.node || "–"], ["labels", Object.entries(store.labels.get(pod.labels) ?? {}).map((pair) => pair.join("=")).join(", ")]);
    } else if (node) {
      this.title.textContent = node.name;
      facts.push(["state", nodeWords(node, t)]);
      if (!answer && node.taints.length) facts.push(["taints", node.taints.join(", ")]);
    } else facts.push(["state", t.gone]);
    if (answer) facts.push(...answer.facts);
    this.el.setAttribute("aria-label", this.title.textContent);
    const list = make("dl", "k8sm-facts");
    for (const [key, text] of facts) if (text) list.append(make("dt", "", {}, t.facts[key] ?? key), make("dd", "", {}, text));
    const parts = [list];
    if (answer?.containers.length) parts.push(table(t.containers, t.containerColumns, answer.containers));
    if (answer?.conditions.length) parts.push(table(t.conditions, t.conditionColumns, answer.conditions));
    if (answer?.events.length) parts.push(table(t.events, t.eventColumns, answer.events.map(([time, ...rest]) => [span(time), ...rest])));
    this.body.replaceChildren(...parts);
  }
}

function table(title, columns, rows) {
  const wrap = make("div", "k8sm-table");
  const el = make("table", "");
  const head = make("tr", "");
  head.append(...columns.map((column) => make("th", "", { scope: "col" }, column)));
  const caption = make("caption", "", {}, title);
  const thead = make("thead", "");
  thead.append(head);
  const body = make("tbody", "");
  for (const row of rows) {
    const line = make("tr", "");
    line.append(...row.map((text) => make("td", "", {}, String(text))));
    body.append(line);
  }
  el.append(caption, thead, body);
  wrap.append(el);
  return wrap;
}
