/** Which glyph says each Pod state a second time, and how a Pod is told in words. */

import { wordsOf } from "./i18n.js";

/** @type {Record<string, {word: string, glyph: string}>} */
export const STATES = Object.fromEntries(
  Object.entries({ pending: "", creating: "", running: "", ready: "", error: "!", terminating: "×", succeeded: "✓", unknown: "?" }).map(([state, glyph]) => [
    state,
    { word: wordsOf("en").states[state], glyph },
  ]),
);

export const SYSTEM = "kube-system";

/** The letter on a Pod: the first of what it belongs to. @param {import("./store.js").Pod} pod */
export function letterOf(pod) {
  const name = pod.owner.slice(pod.owner.indexOf("/") + 1) || pod.name;
  return (name[0] ?? "").toUpperCase();
}

/** State and reason. @param {import("./store.js").Pod} pod @param {ReturnType<typeof wordsOf>} t */
export function stateOf(pod, t) {
  const word = t.states[pod.state] ?? pod.state;
  return pod.reason && !["Running", "Terminating", "Completed", "Pending", "ContainerCreating", "Error", "NodeLost", word].includes(pod.reason) ? `${word} (${pod.reason})` : word;
}

/** `4:59`. @param {number} micros */
export function span(micros) {
  const seconds = Math.max(0, Math.ceil(micros / 1e6));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** How much of an image has arrived, 0 to 1; null where none is under way. @param {import("./store.js").Pod} pod @param {number} now */
export function pulled(pod, now) {
  if (!pod.pull) return null;
  const [from, to] = pod.pull;
  return Math.max(0, Math.min(1, (now - from) / Math.max(1, to - from)));
}

/** How much of its grace is left, 1 to 0. @param {import("./store.js").Pod} pod @param {number} now */
export function graceLeft(pod, now) {
  if (pod.state !== "terminating" || !pod.until) return 1;
  return Math.max(0, Math.min(1, (pod.until - now) / Math.max(1, pod.until - pod.since)));
}

/**
 * What a tooltip, the table and a screen reader say of a Pod.
 * @param {import("./store.js").Pod} pod @param {ReturnType<typeof wordsOf>} [t] @param {number} [now] simulated time, for what passes
 */
export function describe(pod, t = wordsOf("en"), now = -1) {
  const parts = [`${pod.namespace}/${pod.name}`, stateOf(pod, t)];
  if (pod.node) parts.push(t.on(pod.node));
  if (pod.owner) parts.push(t.of(pod.owner));
  if (pod.owner && pod.isOld) parts.push(t.old);
  if (pod.containers > 1) parts.push(t.containersReady(pod.readyContainers, pod.containers));
  if (pod.restarts) parts.push(t.restarts(pod.restarts));
  if (now >= 0) {
    const share = pulled(pod, now);
    if (share !== null) parts.push(t.pulling(Math.floor(share * 100)));
    if (pod.until > now) parts.push((pod.state === "terminating" ? t.ends : t.leavesPod)(span(pod.until - now)));
  }
  return t.joined(parts);
}
