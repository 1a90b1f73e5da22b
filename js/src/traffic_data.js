/**
 * The figures of loads as the frames tell them, and what a picture of them needs. Knows nothing of the page.
 *
 * @typedef {{pod: string, node: string, version: number, state: string, sent: number, failed: number, inFlight: number,
 *   errors: Record<string, number>, expected: number, nowSent: number, nowFailed: number, nowExpected: number, pods: number}} Endpoint
 * @typedef {{hash: string, image: string, isOld: boolean, sent: number, failed: number, nowSent: number,
 *   p50: number|null, p95: number|null, p99: number|null}} Version
 * @typedef {{key: string, namespace: string, service: string, source: string, sourceName: string, sourceNode: string,
 *   rate: number, pattern: string, keepAlive: number, running: boolean, note: string, started: number, now: number,
 *   sent: number, answered: number, inFlight: number, failed: number, errors: Record<string, number>, nowSent: number,
 *   nowFailed: number, versions: Version[], endpoints: Endpoint[], latency: {p50: number|null, p95: number|null,
 *   p99: number|null, buckets: [number, number, number][]}, series: [number, number, number][],
 *   losses: {from: number, to: number, pod: string, cause: string, why: string, count: number}[]}} Load
 */

import { CAUSES } from "./traffic_words.js";

/** Take the loads of a frame in. @param {Map<string, Load>} loads @param {any} frame */
export function acceptTraffic(loads, frame) {
  if (frame.key || frame.traffic?.all) loads.clear();
  for (const load of frame.traffic?.loads ?? []) loads.set(load.key, load);
}

/** Rows in the order in which they stand, under their version (null: those that no Pod took). @param {Load} load */
export function byVersion(load) {
  const groups = load.versions.map((version, place) => ({ version, rows: load.endpoints.filter((one) => one.version === place) }));
  groups.push({ version: null, rows: load.endpoints.filter((one) => one.version < 0) });
  const later = (one) => (one.state === "earlier" ? 2 : one.state === "others" ? 1 : 0);
  for (const group of groups) group.rows.sort((a, b) => later(a) - later(b) || a.pod.localeCompare(b.pod));
  return groups.filter((group) => group.rows.length);
}

/** A bar's parts, of 1: answered (and still in flight), each cause, and where an even share would end.
 * @param {Endpoint} one @param {boolean} perSecond @param {number} most */
export function parts(one, perSecond, most) {
  const sent = perSecond ? one.nowSent : one.sent;
  const failed = Math.min(sent, perSecond ? one.nowFailed : one.failed);
  const scale = most > 0 ? 1 / most : 0;
  const causes = CAUSES.filter((cause) => one.errors[cause]).map((cause) => {
    const share = one.failed ? one.errors[cause] / one.failed : 0;
    return { cause, part: failed * share * scale };
  });
  return { ok: (sent - failed) * scale, causes: failed ? causes : [], even: (perSecond ? one.nowExpected : one.expected) * scale };
}

/** The longest bar. @param {Load} load @param {boolean} perSecond */
export function longest(load, perSecond) {
  return Math.max(1, ...load.endpoints.map((one) => (perSecond ? Math.max(one.nowSent, one.nowExpected) : Math.max(one.sent, one.expected))));
}

/** The last part of an image's name. @param {string} image */
export const shortImage = (image) => image.slice(image.lastIndexOf("/") + 1);

/** 850µs, 2.2ms, 120ms, 1.5s. @param {number|null} micros */
export function span(micros) {
  if (micros === null || micros === undefined) return "–";
  if (micros < 1e3) return `${micros} µs`;
  if (micros < 1e4) return `${(micros / 1e3).toFixed(1)} ms`;
  return micros < 1e6 ? `${Math.round(micros / 1e3)} ms` : `${(micros / 1e6).toFixed(1)} s`;
}

/** Simulated time as 2:26.5. @param {number} micros */
export function instant(micros) {
  const tenths = Math.floor(micros / 1e5);
  return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
}

/** Buckets redrawn as `wanted` bars of one width on a logarithmic axis, from the fastest answer to the slowest.
 * @param {[number, number, number][]} buckets @param {number} wanted @returns {{from: number, to: number, count: number}[]} */
export function bars(buckets, wanted) {
  if (!buckets.length) return [];
  const first = Math.log(buckets[0][0] || 1);
  const last = Math.log(buckets[buckets.length - 1][1]);
  const step = (last - first) / wanted || 1;
  const found = Array.from({ length: wanted }, (_, place) => ({ from: Math.exp(first + place * step), to: Math.exp(first + (place + 1) * step), count: 0 }));
  // A bucket that lies in several bars is divided among them by the part that lies in each.
  for (const [from, to, count] of buckets) {
    const [low, high] = [(Math.log(from || 1) - first) / step, (Math.log(to) - first) / step];
    for (let place = Math.max(0, Math.floor(low)); place < Math.min(wanted, high); place += 1) {
      found[place].count += (count * (Math.min(place + 1, high) - Math.max(place, low))) / (high - low || 1);
    }
  }
  return found;
}
