/** One load: a bar an endpoint under its version, the counts, the latency, the stream and the losses by name. */

import { make } from "./dom.js";
import { draw } from "./svg.js";
import { byVersion, instant, longest, parts, shortImage } from "./traffic_data.js";
import { Latency, Stream } from "./traffic_picture.js";
import { CAUSES } from "./traffic_words.js";

// Loss must be seen: however small its part, it is drawn this wide.
const LEAST_LOST = 5;

let hatches = 0;

/** A box in vermilion with a cause's hatching. @param {string} id @param {string} cause @param {string} className */
export function lostBox(id, cause, className) {
  const whole = { width: "100%", height: "100%" };
  return draw("svg", { class: className, "data-cause": cause }, [draw("rect", { ...whole, class: "k8sm-t-lost" }), draw("rect", { ...whole, fill: `url(#${id}-${cause})` })]);
}

/** A hatching a cause, so that they are told apart without colour. @param {string} id */
export function patterns(id) {
  const lines = { refused: "M-1 1l2 -2M0 6l6 -6M5 7l2 -2", reset: "M-1 5l2 2M0 0l6 6M5 -1l2 2", timeout: "M0 3h6", "5xx": "M3 0v6", no_route: "M0 3h6M3 0v6", unknown_host: "M0 0l6 6M0 6l6 -6" };
  return draw(
    "defs",
    {},
    CAUSES.map((cause) => draw("pattern", { id: `${id}-${cause}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, [draw("path", { d: lines[cause], class: "k8sm-t-hatch" })])),
  );
}

export class LoadCard {
  /** @param {any} words @param {(row: HTMLElement, text: string) => void} onRow */
  constructor(words, onRow) {
    this.words = words;
    this.onRow = onRow;
    this.id = `k8sm-t${(hatches += 1)}`;
    this.el = make("article", "k8sm-t-load");
    const head = make("div", "k8sm-t-head");
    this.name = make("h3", "k8sm-t-name");
    this.about = make("span", "k8sm-note");
    head.append(this.name, this.about);
    const counts = make("div", "k8sm-t-counts");
    this.counts = Object.fromEntries(
      ["sent", "answered", "lost"].map((what) => {
        const box = make("div", `k8sm-t-count k8sm-t-count-${what}`);
        const value = make("b", "");
        const note = make("small", "");
        box.append(value, make("span", "k8sm-note", {}, words[what]), note);
        counts.append(box);
        return [what, { value, note, box }];
      }),
    );
    const columns = make("div", "k8sm-t-columns");
    this.bars = make("div", "k8sm-t-bars", { role: "list" });
    const side = make("div", "k8sm-t-side");
    this.latency = new Latency(words);
    this.stream = new Stream(words);
    side.append(this.stream.el, this.latency.el);
    columns.append(this.bars, side);
    this.losses = make("div", "k8sm-t-losses");
    const defs = draw("svg", { class: "k8sm-t-defs", width: 0, height: 0, "aria-hidden": "true" }, [patterns(this.id)]);
    this.el.append(defs, head, counts, columns, this.losses);
    /** @type {Map<string, any>} */
    this.rows = new Map();
    /** @type {Map<number, any>} */
    this.groups = new Map();
    this.said = "";
  }

  /** @param {import("./traffic_data.js").Load} load @param {boolean} perSecond */
  paint(load, perSecond) {
    const { words } = this;
    this.el.dataset.key = load.key;
    this.el.dataset.sent = String(load.sent);
    this.el.dataset.failed = String(load.failed);
    this.el.dataset.running = String(load.running);
    this.name.textContent = `${load.namespace}/${load.service}`;
    const rate = `${load.rate.toLocaleString(undefined, { maximumFractionDigits: 2 })}/s`;
    const about = [[rate, words.patterns[load.pattern]].filter(Boolean).join(" "), words.source(words.from[load.source](load.sourceName, load.sourceNode))];
    if (load.keepAlive) about.push(words.keptAlive(load.keepAlive));
    if (!load.running) about.push(load.note ? `${words.ended}: ${load.note}` : words.ended);
    this.about.textContent = about.join(" · ");
    const { sent, answered, lost } = this.counts;
    sent.value.textContent = load.sent.toLocaleString();
    sent.note.textContent = load.inFlight ? `${load.inFlight.toLocaleString()} ${words.inFlight}` : "";
    answered.value.textContent = load.answered.toLocaleString();
    lost.value.textContent = load.failed.toLocaleString();
    lost.note.textContent = this.lostWords(load.errors);
    lost.box.classList.toggle("k8sm-t-some", load.failed > 0);
    this.paintBars(load, perSecond);
    this.latency.paint(load);
    this.stream.paint(load, `url(#${this.id}-refused)`);
    this.paintLosses(load);
  }

  /** `20 refused, 3 timed out`. @param {Record<string, number>} errors */
  lostWords(errors) {
    return CAUSES.filter((cause) => errors[cause])
      .map((cause) => `${errors[cause].toLocaleString()} ${this.words.causes[cause]}`)
      .join(", ");
  }

  nameOf(one) {
    if (one.state === "nobody") return this.words.noEndpoint;
    if (one.state === "others") return this.words.others(one.pods);
    return one.state === "earlier" ? this.words.earlier(one.pods) : one.pod;
  }

  paintBars(load, perSecond) {
    const most = longest(load, perSecond);
    const order = [];
    const kept = new Set();
    byVersion(load).forEach(({ version, rows }) => {
      const place = rows[0].version;
      order.push(this.group(place, version, load, perSecond));
      for (const one of rows) {
        const key = `${place}/${one.pod}/${one.state === "earlier" || one.state === "others" ? one.state : ""}`;
        kept.add(key);
        order.push(this.row(key, one, version, most, perSecond));
      }
    });
    for (const [key, row] of this.rows) {
      if (!kept.has(key)) {
        row.el.remove();
        this.rows.delete(key);
      }
    }
    order.forEach((el, index) => {
      if (this.bars.children[index] !== el) this.bars.insertBefore(el, this.bars.children[index] ?? null);
    });
    while (this.bars.children.length > order.length) this.bars.lastElementChild.remove();
  }

  group(place, version, load, perSecond) {
    let group = this.groups.get(place);
    if (!group) {
      const el = make("div", "k8sm-t-group", { role: "listitem" });
      const name = make("b", "");
      const hash = make("code", "");
      const old = make("span", "k8sm-t-old", {}, this.words.old);
      const share = make("span", "k8sm-note k8sm-t-share");
      el.append(name, hash, old, share);
      group = { el, name, hash, old, share };
      this.groups.set(place, group);
    }
    group.name.textContent = version ? shortImage(version.image) || "Pods" : this.words.nobody;
    group.hash.textContent = version?.hash ?? "";
    group.old.hidden = !version?.isOld;
    const all = perSecond ? load.nowSent : load.sent;
    const rows = load.endpoints.filter((one) => one.version === place);
    const own = rows.reduce((sum, one) => sum + (perSecond ? one.nowSent : one.sent), 0);
    group.share.textContent = all ? `${((own / all) * 100).toFixed(own && own < all / 100 ? 2 : 0)} %` : "";
    group.el.dataset.sent = String(own);
    return group.el;
  }

  row(key, one, version, most, perSecond) {
    let row = this.rows.get(key);
    if (!row) {
      const el = make("div", "k8sm-t-row", { role: "listitem", tabindex: "-1" });
      // Of a long name the beginning is cut off: Pods differ at their end.
      const name = make("span", "k8sm-t-pod");
      const [begin, end] = [make("span", "k8sm-t-begin"), make("span", "")];
      name.append(begin, end);
      const track = make("span", "k8sm-t-track", { "aria-hidden": "true" });
      const ok = make("span", "k8sm-t-ok");
      const even = make("span", "k8sm-t-even");
      track.append(ok, even);
      const value = make("span", "k8sm-t-value");
      const rate = make("span", "k8sm-note k8sm-t-rate");
      el.append(name, track, value, rate);
      row = { el, name, begin, end, track, ok, even, value, rate, causes: new Map() };
      this.rows.set(key, row);
    }
    const { words } = this;
    const drawn = parts(one, perSecond, most);
    const name = this.nameOf(one);
    const cut = one.pod ? name.lastIndexOf("-") : -1;
    row.begin.textContent = cut > 0 ? name.slice(0, cut) : "";
    row.end.textContent = cut > 0 ? name.slice(cut) : name;
    row.name.title = one.node;
    row.el.dataset.pod = one.pod;
    row.el.dataset.state = one.state;
    row.el.dataset.sent = String(one.sent);
    row.el.classList.toggle("k8sm-t-isold", Boolean(version?.isOld));
    row.ok.style.width = `${(drawn.ok * 100).toFixed(2)}%`;
    const present = new Set();
    for (const { cause, part } of drawn.causes) {
      present.add(cause);
      let box = row.causes.get(cause);
      if (!box) {
        box = lostBox(this.id, cause, "k8sm-t-cause");
        row.causes.set(cause, box);
        row.track.insertBefore(box, row.even);
      }
      box.style.width = `max(${LEAST_LOST}px, ${(part * 100).toFixed(2)}%)`;
    }
    for (const [cause, box] of row.causes) {
      if (!present.has(cause)) {
        box.remove();
        row.causes.delete(cause);
      }
    }
    row.even.hidden = !drawn.even;
    row.even.style.left = `${Math.min(100, drawn.even * 100).toFixed(2)}%`;
    row.value.textContent = perSecond ? `${one.nowSent.toLocaleString()}/s` : one.sent.toLocaleString();
    const note = { leaving: words.leaving, gone: words.gone }[one.state];
    row.rate.textContent = note ?? (perSecond ? one.sent.toLocaleString() : one.state === "ready" ? `${one.nowSent.toLocaleString()}/s` : "");
    const text = words.describe(name, one, this.lostWords(one.errors));
    row.text = text;
    row.el.setAttribute("aria-label", text);
    this.onRow(row.el, text);
    return row.el;
  }

  paintLosses(load) {
    const { words } = this;
    const said = JSON.stringify(load.losses);
    if (said === this.said) return;
    this.said = said;
    if (!load.losses.length) {
      this.losses.replaceChildren(make("p", "k8sm-note", {}, words.noLost));
      return;
    }
    const list = make("ul", "k8sm-t-list");
    list.append(
      ...load.losses.map((one) => {
        const item = make("li", "");
        const where = ["refused", "reset"].includes(one.cause) ? words.by(one.pod) : words.at(one.pod);
        item.append(make("time", "", {}, instant(one.from)), make("b", "", {}, `${one.count.toLocaleString()} ${words.causes[one.cause]}`), make("span", "", {}, where), make("span", "k8sm-note", {}, words.why(one.why)));
        return item;
      }),
    );
    this.losses.replaceChildren(make("h4", "k8sm-t-caption", {}, words.lostTitle), list);
  }
}
