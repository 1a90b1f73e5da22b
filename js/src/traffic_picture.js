/** The two small pictures beside the bars: how long answers took, and how many requests were sent each second. */

import { bars, span } from "./traffic_data.js";
import { make } from "./dom.js";
import { draw } from "./svg.js";

const WIDTH = 320;
const HEIGHT = 104;
const FLOOR = 76;
const BARS = 26;
const SECONDS = 60;

/** Latency: a histogram on a logarithmic axis with ticks at p50, p95 and p99. */
export class Latency {
  /** @param {any} words */
  constructor(words) {
    this.words = words;
    this.el = make("figure", "k8sm-t-figure");
    this.svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "k8sm-t-latency" });
    this.el.append(make("figcaption", "k8sm-t-caption", {}, words.latency), this.svg);
  }

  /** @param {import("./traffic_data.js").Load} load */
  paint(load) {
    const { latency } = load;
    const ticks = ["p50", "p95", "p99"].map((name) => [name, latency[name]]);
    const label = latency.p50 === null ? this.words.noLatency : ticks.map(([name, value]) => `${name} ${span(value)}`).join(", ");
    this.svg.setAttribute("aria-label", `${this.words.latency}: ${label}`);
    if (latency.p50 === null) {
      this.svg.replaceChildren(draw("text", { x: WIDTH / 2, y: 44, "text-anchor": "middle", class: "k8sm-t-dim" }, [label]));
      return;
    }
    const found = bars(latency.buckets, BARS);
    const most = Math.max(...found.map((bar) => bar.count));
    const step = WIDTH / BARS;
    const shapes = found.map((bar, place) => {
      const height = bar.count ? Math.max(1, (bar.count / most) * (FLOOR - 8)) : 0;
      const title = draw("title", {}, [`${span(Math.round(bar.from))} – ${span(Math.round(bar.to))}: ${Math.round(bar.count).toLocaleString()}`]);
      return draw("rect", { x: place * step + 0.75, y: FLOOR - height, width: step - 1.5, height, rx: 1.5, class: "k8sm-t-bin" }, [title]);
    });
    const low = Math.log(found[0].from);
    const high = Math.log(found[BARS - 1].to);
    const place = (value) => Math.min(WIDTH - 2, Math.max(2, ((Math.log(value) - low) / (high - low)) * WIDTH));
    shapes.push(draw("path", { d: `M0 ${FLOOR + 0.5}H${WIDTH}`, class: "k8sm-t-floor" }));
    const spots = ticks.map(([name, value]) => ({ name, value, at: place(value), label: 0 }));
    // Labels stand below their ticks and keep clear of each other.
    const room = 88;
    spots.forEach((spot) => (spot.label = spot.at));
    for (let index = 1; index < spots.length; index += 1) spots[index].label = Math.max(spots[index].label, spots[index - 1].label + room);
    let limit = WIDTH - room / 2;
    for (let index = spots.length - 1; index >= 0; index -= 1) {
      spots[index].label = Math.max(room / 2 - 6 + index * room, Math.min(spots[index].label, limit));
      limit = spots[index].label - room;
    }
    for (const { name, value, at, label: spot } of spots) {
      shapes.push(
        draw("path", { d: `M${at.toFixed(1)} 4V${FLOOR + 4}`, class: "k8sm-t-tick" }),
        draw("path", { d: `M${at.toFixed(1)} ${FLOOR + 4}L${spot.toFixed(1)} ${FLOOR + 13}`, class: "k8sm-t-lead" }),
        draw("text", { x: spot, y: HEIGHT - 4, "text-anchor": "middle", class: "k8sm-t-figuretext" }, [draw("tspan", { class: "k8sm-t-dim" }, [`${name} `]), draw("tspan", { class: "k8sm-t-strong" }, [span(value)])]),
      );
    }
    this.svg.replaceChildren(...shapes);
  }
}

/** A bar a second over the last minute: answered, and lost on top in vermilion with hatching. */
export class Stream {
  /** @param {any} words */
  constructor(words) {
    this.words = words;
    this.el = make("figure", "k8sm-t-figure");
    this.svg = draw("svg", { viewBox: `0 0 ${WIDTH} 84`, role: "img", class: "k8sm-t-stream" });
    this.el.append(make("figcaption", "k8sm-t-caption", {}, words.stream), this.svg);
  }

  /** @param {import("./traffic_data.js").Load} load @param {string} hatch */
  paint(load, hatch) {
    const floor = 62;
    const newest = Math.floor((load.now - 1) / 1e6);
    const shown = load.series.filter(([second]) => second > newest - SECONDS);
    // The second that is not over yet would look like a slump.
    const whole = load.running ? shown.filter(([second]) => second < newest) : shown;
    const most = Math.max(1, ...whole.map(([, sent, failed]) => Math.max(sent, failed)));
    const step = WIDTH / SECONDS;
    const shapes = [];
    for (const [second, sent, failed] of whole) {
      const x = (second - newest + SECONDS - 1) * step + 0.5;
      const lost = failed ? Math.max(3, (Math.min(failed, sent || failed) / most) * (floor - 8)) : 0;
      const good = Math.max(0, (sent / most) * (floor - 8) - lost);
      shapes.push(draw("rect", { x, y: floor - good, width: step - 1, height: good, class: "k8sm-t-good" }));
      if (lost) {
        const box = { x, y: floor - good - lost, width: step - 1, height: lost };
        shapes.push(draw("rect", { ...box, class: "k8sm-t-lost" }), draw("rect", { ...box, fill: hatch }));
      }
    }
    const lostInAll = whole.reduce((sum, [, , failed]) => sum + failed, 0);
    this.svg.setAttribute("aria-label", `${this.words.stream}: ${load.nowSent.toLocaleString()}, ${this.words.lost} ${lostInAll.toLocaleString()}`);
    shapes.push(
      draw("path", { d: `M0 ${floor + 0.5}H${WIDTH}`, class: "k8sm-t-floor" }),
      draw("text", { x: 0, y: 78, class: "k8sm-t-dim" }, ["−60 s"]),
      draw("text", { x: WIDTH, y: 78, "text-anchor": "end", class: "k8sm-t-figuretext k8sm-t-strong" }, [`${load.nowSent.toLocaleString()}/s`]),
    );
    this.svg.replaceChildren(...shapes);
  }
}
