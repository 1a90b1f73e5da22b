/**
 * Rollouts as the frames tell them, and the arithmetic of their picture. Knows nothing of the page.
 *
 * @typedef {{revision: string, images: string[], pods: number}} Side
 * @typedef {number[]} Point [time, old ready, old not ready, new not ready, new ready, available, desired, minimum, maximum]
 * @typedef {{uid: string, namespace: string, name: string, counts: number[], failing: number, oldFailing: number,
 *   terminating: number, old: Side | null, new: Side | null, paused: boolean, sentence: string, done: boolean,
 *   isStuck: boolean, stuck: string, reasons: [string, number, string][], end: number | null, points: Point[],
 *   marks: [number, string][], leavings: [number, number | null, string][]}} Rollout
 */

/** The parts of the bar in their order, as indexes into `counts`. */
export const PARTS = ["oldReady", "oldUnready", "newUnready", "newReady"];
export const AVAILABLE = 4;
export const DESIRED = 5;
export const MINIMUM = 6;
export const MAXIMUM = 7;
// How long a change takes to be shown, in simulated time.
const TWEEN = 250_000;
// The stream covers at least this much simulated time.
const SHORTEST = 8_000_000;
const AFTER = 1_000_000;
const SYSTEM = "kube-system";

/** Take one frame in. @param {Map<string, Rollout>} rollouts @param {any} frame */
export function acceptRollouts(rollouts, frame) {
  if (frame.key) rollouts.clear();
  for (const uid of frame.goneRollouts ?? []) rollouts.delete(uid);
  for (const { fresh, ...entry } of frame.rollouts ?? []) {
    const before = fresh ? [] : (rollouts.get(entry.uid)?.points ?? []);
    rollouts.set(entry.uid, { ...entry, points: [...before, ...entry.points] });
  }
}

/** Those that a view shows, in order; the system's own only where they are asked for. @param {Map<string, Rollout>} rollouts @param {string} namespace @param {string[]} names */
export function chosen(rollouts, namespace, names) {
  return [...rollouts.values()]
    .filter((one) => (namespace ? one.namespace === namespace : names.length || one.namespace !== SYSTEM) && (!names.length || names.includes(one.name)))
    .sort((a, b) => a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name, undefined, { numeric: true }));
}

/** @param {number[]} counts */
export function total(counts) {
  return counts[0] + counts[1] + counts[2] + counts[3];
}

/** Where the axis ends: at desired + surge, further only where there were more Pods. @param {Rollout} rollout */
export function axisEnd(rollout) {
  const ends = rollout.points.map((point) => Math.max(total(point.slice(1)), point[1 + DESIRED], point[1 + MAXIMUM]));
  return Math.max(1, rollout.counts[MAXIMUM], rollout.counts[DESIRED], total(rollout.counts), ...ends);
}

/** The bar's parts as [from, to] on the axis. @param {number[]} counts @returns {[number, number][]} */
export function segments(counts) {
  let at = 0;
  return PARTS.map((_, index) => [at, (at += counts[index])]);
}

/**
 * The counts as they are drawn at an instant: a change is walked through in TWEEN of simulated time.
 * Where old and new are exchanged (another revision is the newest now), nothing is walked through.
 * @param {Point[]} points @param {number} time @param {boolean} tweened @returns {number[]}
 */
export function countsAt(points, time, tweened) {
  let index = points.length - 1;
  while (index > 0 && points[index][0] > time) index -= 1;
  if (index < 0) return [0, 0, 0, 0, 0, 0, 0, 0];
  const to = points[index].slice(1);
  if (!tweened || index === 0) return to;
  const share = Math.min(1, Math.max(0, (time - points[index][0]) / TWEEN));
  const from = points[index - 1].slice(1);
  const swapped = from[3] > 0 && to[3] === 0 && to[0] >= from[3];
  if (share === 1 || swapped) return to;
  return to.map((value, at) => from[at] + (value - from[at]) * share);
}

/** Whether the picture still moves at an instant. @param {Rollout} rollout @param {number} time */
export function isMoving(rollout, time) {
  const last = rollout.points.at(-1);
  return last !== undefined && time - last[0] < TWEEN;
}

/** The stretch of simulated time that the stream shows. @param {Rollout} rollout @param {number} now @returns {[number, number]} */
export function stretch(rollout, now) {
  const start = rollout.points[0]?.[0] ?? now;
  const last = rollout.points.at(-1)?.[0] ?? now;
  const end = rollout.end === null ? now : Math.max(rollout.end, last) + AFTER;
  return [start, Math.max(end, start + SHORTEST)];
}

/**
 * The outline of one part of the stream: a stair from bottom to top and back. x and y are axis functions.
 * @param {Point[]} points @param {number} part @param {number} until @param {(time: number) => number} x @param {(count: number) => number} y
 */
export function area(points, part, until, x, y) {
  const stairs = points.map((point) => {
    let below = 0;
    for (let index = 0; index < part; index += 1) below += point[1 + index];
    return [point[0], below, below + point[1 + part]];
  });
  if (stairs.every(([, low, high]) => low === high)) return "";
  const top = [];
  const bottom = [];
  stairs.forEach(([time, low, high], index) => {
    const next = index + 1 < stairs.length ? stairs[index + 1][0] : until;
    top.push(`${round(x(time))},${round(y(high))}`, `${round(x(next))},${round(y(high))}`);
    bottom.unshift(`${round(x(next))},${round(y(low))}`, `${round(x(time))},${round(y(low))}`);
  });
  return `M${top.join("L")}L${bottom.join("L")}Z`;
}

/** What is missing below the band, or too much above it, where it was left; as points for `area`'s part 1. */
export function outside(rollout) {
  return rollout.points.map((point) => {
    const [time, ...counts] = point;
    const left = rollout.leavings.find(([from, to]) => from <= time && (to === null || time < to));
    if (left?.[2] === "below") return [time, counts[AVAILABLE], Math.max(0, counts[MINIMUM] - counts[AVAILABLE]), 0, 0];
    if (left) return [time, counts[MAXIMUM], Math.max(0, total(counts) - counts[MAXIMUM]), 0, 0];
    return [time, 0, 0, 0, 0];
  });
}

/** A stair through one of the counts, or what `value` makes of them. */
export function stair(points, value, until, x, y) {
  const corners = points.flatMap((point, index) => {
    const next = index + 1 < points.length ? points[index + 1][0] : until;
    const height = round(y(value(point.slice(1))));
    return [`${round(x(point[0]))},${height}`, `${round(x(next))},${height}`];
  });
  return corners.length ? `M${corners.join("L")}` : "";
}

function round(value) {
  return Math.round(value * 10) / 10;
}

/** Round steps of time, at most six in a stretch. @param {number} span in microseconds @returns {number} microseconds */
export function tick(span) {
  const steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400];
  const seconds = span / 1e6;
  return (steps.find((step) => seconds / step <= 6) ?? 86400 * Math.ceil(seconds / 86400 / 6)) * 1e6;
}

/** Round steps of Pods, at most eight on an axis. @param {number} axis */
export function countStep(axis) {
  for (let size = 1; ; size *= 10) {
    for (const step of [1, 2, 5]) if (axis / (step * size) <= 8) return step * size;
  }
}

/** `5s`, `2m`, `1m30s`, `1h`. @param {number} micros */
export function span(micros) {
  const seconds = Math.round(micros / 1e6);
  if (seconds < 60) return `${seconds}s`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${hours ? `${hours}h` : ""}${minutes ? `${minutes}m` : ""}${rest ? `${rest}s` : ""}`;
}

/** In one word: what goes on. @param {Rollout} rollout @returns {"stuck" | "paused" | "done" | "rolling"} */
export function stateOf(rollout) {
  if (rollout.isStuck) return "stuck";
  if (rollout.paused) return "paused";
  return rollout.done ? "done" : "rolling";
}
