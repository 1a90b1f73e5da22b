/** Draws a rollout's bar and its stream over time, at one instant of simulated time, as SVG elements. */

import { area, AVAILABLE, axisEnd, countsAt, countStep, DESIRED, MAXIMUM, MINIMUM, outside, PARTS, segments, span, stair, stretch, tick } from "./rollout_data.js";
import { draw } from "./svg.js";

const SIDE = 14;
const BAR = { top: 20, height: 34, all: 92 };
const STREAM = { top: 18, bottom: 122, left: 34, all: 146 };
// Labels of marks that would stand on one another are left out.
const LABEL = 74;

let made = 0;

/** Patterns that say old (hatched) and not ready (dotted) beside the colour. */
export function patterns() {
  made += 1;
  const ids = { old: `k8sm-old-${made}`, unready: `k8sm-unready-${made}`, fault: `k8sm-fault-${made}` };
  const pattern = (id, size, turn, children) =>
    draw("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse", ...(turn ? { patternTransform: `rotate(${turn})` } : {}) }, children);
  const defs = draw("defs", {}, [
    pattern(ids.old, 7, 45, [draw("rect", { width: 2.2, height: 7, class: "k8sm-hatch" })]),
    pattern(ids.unready, 6, 0, [draw("circle", { cx: 2, cy: 2, r: 1, class: "k8sm-dot" })]),
    pattern(ids.fault, 6, -45, [draw("rect", { width: 2.5, height: 6, class: "k8sm-fault" })]),
  ]);
  return { ids, defs };
}

/** A label that stays inside the picture. */
function label(x, y, text, width, attributes = {}) {
  const half = [...text].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 5.7 : 2.9), 0);
  const anchor = x - half < 2 ? "start" : x + half > width - 2 ? "end" : "middle";
  const at = anchor === "start" ? 2 : anchor === "end" ? width - 2 : x;
  return draw("text", { x: at, y, "text-anchor": anchor, ...attributes }, [text]);
}

/** Not under the desired line. */
function beside(x, line) {
  return Math.abs(x - line) < 20 ? line - 24 : x;
}

/** One part of a bar: ready is solid, not ready is half filled, old is hatched, failing carries a "!". */
export function part(index, box, unit, failing, ids) {
  const { x, y, width, height } = box;
  if (width < 0.4) return [];
  const kind = PARTS[index];
  const isOld = index < 2;
  const isReady = index === 0 || index === 3;
  const drawn = [];
  if (isReady) drawn.push(draw("rect", { x, y, width, height, class: "k8sm-good" }));
  else {
    drawn.push(draw("rect", { x: x + 1, y: y + 1, width: Math.max(0, width - 2), height: height - 2, class: "k8sm-half" }));
    drawn.push(draw("rect", { x: x + 1, y: y + height / 2, width: Math.max(0, width - 2), height: height / 2 - 1, class: "k8sm-soft" }));
    const bad = Math.min(width, failing * unit);
    if (bad > 0) drawn.push(draw("rect", { x, y, width: bad, height, class: "k8sm-bad" }));
    for (let at = 0; unit >= 12 && at < failing; at += 1) drawn.push(draw("text", { x: x + (at + 0.5) * unit, y: y + height / 2 + 5, class: "k8sm-shout" }, ["!"]));
  }
  if (isOld) drawn.push(draw("rect", { x, y, width, height, fill: `url(#${ids.old})` }));
  for (let at = 1; unit >= 6 && at < width / unit - 0.01; at += 1) drawn.push(draw("path", { d: `M${x + at * unit} ${y}V${y + height}`, class: "k8sm-seam" }));
  return [draw("g", { "data-part": kind }, drawn)];
}

/** @param {import("./rollout_data.js").Rollout} rollout @param {number} now @param {number} width @param {any} words @param {boolean} tweened */
export function drawBar(rollout, now, width, words, tweened, ids) {
  const axis = axisEnd(rollout);
  const unit = (width - 2 * SIDE) / axis;
  const x = (count) => SIDE + count * unit;
  const { top, height } = BAR;
  const [low, high, desired] = [rollout.counts[MINIMUM], rollout.counts[MAXIMUM], rollout.counts[DESIRED]];
  const counts = countsAt(rollout.points, now, tweened);
  const drawn = [
    draw("rect", { x: x(0), y: top, width: unit * axis, height, class: "k8sm-axis" }),
    draw("rect", { x: x(low), y: top - 7, width: Math.max(1, x(high) - x(low)), height: height + 14, class: "k8sm-band" }),
    draw("path", { d: `M${x(low)} ${top - 7}v${height + 14}M${x(high)} ${top - 7}v${height + 14}`, class: "k8sm-edge" }),
  ];
  segments(counts).forEach(([from, to], index) => {
    const failing = index === 1 ? rollout.oldFailing : index === 2 ? rollout.failing : 0;
    drawn.push(...part(index, { x: x(from), y: top, width: x(to) - x(from), height }, unit, failing, ids));
    if (unit < 6 && x(to) - x(from) > 26) drawn.push(draw("text", { x: beside((x(from) + x(to)) / 2, x(desired)), y: top + 22, class: "k8sm-count" }, [String(Math.round(to - from))]));
  });
  drawn.push(draw("path", { d: `M${x(desired)} ${top - 8}v${height + 16}`, class: "k8sm-desired" }));
  drawn.push(label(x(desired), 10, words.desired(desired), width, { class: "k8sm-strong" }));
  const every = unit >= 22 ? 1 : countStep(axis);
  for (let count = 0; count <= axis; count += every) drawn.push(draw("text", { x: x(count), y: top + height + 19, "text-anchor": "middle" }, [String(count)]));
  drawn.push(label((x(low) + x(high)) / 2, BAR.all - 3, words.band(low, high), width, { class: "k8sm-bandtext" }));
  return { drawn, height: BAR.all };
}

/** The same over time, with the band, the desired line, the available Pods, and what began when. */
export function drawStream(rollout, now, width, words, ids) {
  const axis = axisEnd(rollout);
  const { points } = rollout;
  const [start, end] = stretch(rollout, now);
  const until = rollout.end === null ? Math.max(now, points.at(-1)?.[0] ?? now) : end;
  const { top, bottom, left } = STREAM;
  const x = (time) => left + ((time - start) / (end - start)) * (width - left - SIDE);
  const y = (count) => bottom - (count / axis) * (bottom - top);
  const band = points.map((point) => [point[0], point[1 + MINIMUM], point[1 + MAXIMUM] - point[1 + MINIMUM], 0, 0]);
  const drawn = [draw("rect", { x: left, y: top, width: width - left - SIDE, height: bottom - top, class: "k8sm-axis" })];
  drawn.push(draw("path", { d: area(band, 1, until, x, y), class: "k8sm-band" }));
  PARTS.forEach((kind, index) => {
    const outline = area(points, index, until, x, y);
    if (!outline) return;
    const isReady = index === 0 || index === 3;
    const layers = [draw("path", { d: outline, class: isReady ? "k8sm-good" : "k8sm-soft" })];
    if (!isReady) layers.push(draw("path", { d: outline, fill: `url(#${ids.unready})` }));
    if (index < 2) layers.push(draw("path", { d: outline, fill: `url(#${ids.old})` }));
    drawn.push(draw("g", { "data-part": kind }, layers));
  });
  for (const edge of [MINIMUM, MAXIMUM]) drawn.push(draw("path", { d: stair(points, (counts) => counts[edge], until, x, y), class: "k8sm-edge" }));
  for (const [which, look] of [[DESIRED, "k8sm-wish"], [AVAILABLE, "k8sm-available"]]) {
    const d = stair(points, (counts) => counts[which], until, x, y);
    drawn.push(draw("path", { d, class: "k8sm-halo" }), draw("path", { d, class: look }));
  }
  const missing = area(outside(rollout), 1, until, x, y);
  if (missing) drawn.push(draw("path", { d: missing, fill: `url(#${ids.fault})`, "data-left": "" }));
  for (const [from, to] of rollout.leavings) {
    const middle = (Math.max(start, from) + (to ?? until)) / 2;
    drawn.push(draw("text", { x: x(middle), y: top + 16, class: "k8sm-shout k8sm-left" }, ["!"]));
  }
  let last = -LABEL;
  for (const [time, text] of rollout.marks) {
    if (time < start) continue;
    drawn.push(draw("path", { d: `M${x(time)} ${top - 4}V${bottom}`, class: "k8sm-mark" }));
    if (x(time) - last < LABEL) continue;
    last = x(time);
    drawn.push(draw("text", { x: Math.min(last + 3, width - SIDE - LABEL), y: top - 6 }, [words.mark(text)]));
  }
  if (rollout.end === null) drawn.push(draw("path", { d: `M${x(until)} ${top - 4}V${bottom + 4}`, class: "k8sm-now" }));
  const desired = points.at(-1)?.[1 + DESIRED] ?? 0;
  const heights = [desired, 0, axis].filter((value, index, all) => all.findIndex((other) => Math.abs(y(other) - y(value)) < 12) === index);
  for (const value of heights) drawn.push(draw("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, [String(value)]));
  const origin = rollout.marks.find(([time]) => time >= start)?.[0] ?? points[1]?.[0] ?? start;
  const step = tick(end - start);
  for (let time = origin - Math.floor((origin - start) / step) * step; time <= end; time += step) {
    drawn.push(draw("path", { d: `M${x(time)} ${bottom}v4`, class: "k8sm-mark" }));
    if (x(time) < width - SIDE - 8) drawn.push(draw("text", { x: x(time), y: bottom + 18, "text-anchor": "middle" }, [span(time - origin)]));
  }
  return { drawn, height: STREAM.all, timeAt: (at) => start + ((at - left) / (width - left - SIDE)) * (end - start), until, since: (time) => (time - origin < 1e7 ? `${((time - origin) / 1e6).toFixed(1)}s` : span(time - origin)) };
}
