/** What each Pod state is called and which glyph says it a second time. */

/** @type {Record<string, {word: string, glyph: string}>} */
export const STATES = {
  pending: { word: "Pending", glyph: "" },
  creating: { word: "ContainerCreating", glyph: "◔" },
  running: { word: "Running, not ready", glyph: "◐" },
  ready: { word: "Ready", glyph: "" },
  error: { word: "Error", glyph: "!" },
  terminating: { word: "Terminating", glyph: "×" },
  succeeded: { word: "Succeeded", glyph: "✓" },
  unknown: { word: "Unknown", glyph: "?" },
};

/** What a tooltip, the table and a screen reader say of a Pod. @param {import("./store.js").Pod} pod */
export function describe(pod) {
  const state = STATES[pod.state]?.word ?? pod.state;
  const parts = [`${pod.namespace}/${pod.name}`, pod.reason && !["Running", state].includes(pod.reason) ? `${state} (${pod.reason})` : state];
  if (pod.node) parts.push(`on ${pod.node}`);
  if (pod.owner) parts.push(`of ${pod.owner}${pod.isOld ? ", old template" : ""}`);
  if (pod.containers > 1) parts.push(`${pod.readyContainers} of ${pod.containers} containers ready`);
  if (pod.restarts) parts.push(`${pod.restarts} restart${pod.restarts === 1 ? "" : "s"}`);
  return parts.join(", ");
}
