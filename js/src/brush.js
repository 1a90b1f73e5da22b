/** Draws one Pod or one node's frame on a canvas: the same shapes as the elements have, down to 3 px. */

import { graceLeft, pulled, STATES } from "./states.js";

/** The theme's colours, read from the page. @param {Element} root */
export function palette(root) {
  const style = getComputedStyle(root);
  const get = (name) => style.getPropertyValue(`--${name}`).trim();
  return Object.fromEntries(
    ["bg", "box", "line", "ink", "dim", "track", "fill", "sky", "yellow", "green", "vermilion", "blue", "grey", "ring", "on-fill"].map((name) => [name, get(name)]),
  );
}

const FILLS = { creating: "sky", running: "yellow", ready: "green", error: "vermilion", terminating: "green", succeeded: "blue", unknown: "grey" };
export const fillOf = (state, colours) => colours[FILLS[state]] ?? colours.dim;

function line(pen, colour, width, points) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  points.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {{x: number, y: number, size: number}} at */
export function drawPod(pen, pod, at, colours, now, { isRinged, isFaint }) {
  const { x, y, size: s } = at;
  pen.globalAlpha = isFaint ? 0.16 : 1;
  pen.fillStyle = fillOf(pod.state, colours);
  if (pod.state === "pending") {
    pen.strokeStyle = colours.dim;
    pen.lineWidth = 1;
    pen.strokeRect(x + 0.5, y + 0.5, s - 1, s - 1);
  } else if (pod.state === "running") {
    pen.fillRect(x, y, s / 2, s);
    line(pen, colours.ink, 1, [[x + 0.5, y + 0.5], [x + s - 0.5, y + 0.5], [x + s - 0.5, y + s - 0.5], [x + 0.5, y + s - 0.5], [x + 0.5, y + 0.5]]);
  } else if (pod.state === "error" && s >= 5) {
    const notch = s * 0.35;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + s - notch, y);
    pen.lineTo(x + s, y + notch);
    pen.lineTo(x + s, y + s);
    pen.lineTo(x, y + s);
    pen.fill();
  } else if (pod.state === "terminating") {
    const left = s * (0.45 + 0.55 * graceLeft(pod, now));
    const inset = (s - left) / 2;
    pen.globalAlpha *= 0.4;
    pen.fillRect(x + inset, y + inset, left, left);
    pen.globalAlpha = isFaint ? 0.16 : 1;
  } else pen.fillRect(x, y, s, s);
  decorate(pen, pod, at, colours, now);
  if (isRinged) {
    pen.strokeStyle = colours.ring;
    pen.lineWidth = s >= 7 ? 2 : 1;
    const out = s >= 7 ? 1.5 : 0.5;
    pen.strokeRect(x - out, y - out, s + 2 * out, s + 2 * out);
  }
  pen.globalAlpha = 1;
}

function decorate(pen, pod, { x, y, size: s }, colours, now) {
  if ((pod.isOld || pod.state === "unknown") && s >= 4) {
    line(pen, pod.state === "unknown" ? colours.box : colours["on-fill"], s >= 9 ? 1.6 : 1, [[x, y + s], [x + s, y]]);
  }
  if (pod.state === "creating" && s >= 5) {
    const share = pulled(pod, now);
    pen.fillStyle = colours.box;
    const hole = s * 0.4;
    pen.fillRect(x + (s - hole) / 2, y + (s - hole) / 2, hole, hole * (1 - (share ?? 0)));
  }
  if (pod.state === "terminating" && s >= 5) {
    const a = s * 0.3;
    line(pen, colours.ink, 1, [[x + a, y + a], [x + s - a, y + s - a]]);
    line(pen, colours.ink, 1, [[x + s - a, y + a], [x + a, y + s - a]]);
  }
  const glyph = STATES[pod.state]?.glyph;
  if (glyph && s >= 9 && pod.state !== "terminating") {
    pen.fillStyle = pod.state === "unknown" ? colours.ink : colours["on-fill"];
    pen.font = `700 ${Math.round(s * 0.8)}px system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(glyph, x + s / 2, y + s / 2 + 0.5);
  }
}

/** Text that ends with … where it would not fit. */
function fit(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  let cut = text.length;
  while (cut > 1 && pen.measureText(`${text.slice(0, cut)}…`).width > width) cut -= 1;
  return `${text.slice(0, cut)}…`;
}

/** @param {CanvasRenderingContext2D} pen @param {import("./layout.js").Box} box */
export function drawNode(pen, box, colours, words, hasNames) {
  const { node, x, y, w, h } = box;
  pen.globalAlpha = 1;
  pen.clearRect(x - 2, y - 2, w + 4, h + 4);
  pen.fillStyle = colours.box;
  pen.beginPath();
  pen.roundRect(x + 0.5, y + 0.5, w - 1, h - 1, 5);
  pen.fill();
  if (!node.ready) {
    pen.save();
    pen.clip();
    pen.globalAlpha = 0.35;
    for (let at = -h; at < w; at += 9) line(pen, colours.line, 1.5, [[x + at, y + h], [x + at + h, y]]);
    pen.restore();
  }
  pen.setLineDash(node.ready ? [] : [5, 3]);
  pen.strokeStyle = colours.line;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.roundRect(x + 0.5, y + 0.5, w - 1, h - 1, 5);
  pen.stroke();
  pen.setLineDash([]);
  if (node.cordoned) {
    for (let at = 0; at < w - 6; at += 12) {
      pen.fillStyle = colours.vermilion;
      pen.fillRect(x + at + 3, y + h - 4, 6, 3);
    }
  }
  if (!hasNames) return;
  pen.textBaseline = "alphabetic";
  pen.textAlign = "left";
  pen.fillStyle = colours.ink;
  pen.font = "600 11px system-ui, sans-serif";
  const isTile = box.head < 24;
  const isCompact = box.head < 36;
  pen.fillText(fit(pen, node.name, w - 12 - (words ? Math.min(w * 0.45, pen.measureText(words).width + 8) : 0)), x + (isTile ? 4 : 8), y + 13);
  if (words) {
    pen.fillStyle = colours.dim;
    pen.font = "11px system-ui, sans-serif";
    pen.textAlign = "right";
    pen.fillText(fit(pen, words, w * 0.5), x + w - (isTile ? 4 : 8), y + 13);
  }
  if (isTile) return;
  const third = (w - 16 - 12) / 3;
  [node.cpu, node.memory, node.pods].forEach(([asked, total, used], index) => {
    const left = x + 8 + index * (third + 6);
    const [top, deep] = isCompact ? [y + 17, 3] : [y + 20, 4];
    pen.fillStyle = colours.track;
    pen.fillRect(left, top, third, deep);
    pen.fillStyle = colours.fill;
    pen.fillRect(left, top, total ? third * Math.min(1, (used ?? asked) / total) : 0, deep);
    if (!used || !asked || !total) return;
    pen.strokeStyle = colours.fill;
    pen.lineWidth = 1;
    pen.strokeRect(left + 0.5, top + 0.5, Math.max(1, third * Math.min(1, asked / total) - 1), deep - 1);
  });
}

/** A node's Pods as shares of one bar, where cells would be too small. */
export function drawShares(pen, box, counts, colours) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  let x = box.cx;
  const width = box.w - 6;
  for (const state of Object.keys(STATES)) {
    if (!counts[state]) continue;
    const share = (counts[state] / total) * width;
    pen.fillStyle = fillOf(state, colours);
    const depth = box.h - (box.cy - box.y) - 3;
    pen.fillRect(x, box.cy, share, depth);
    if (["error", "unknown"].includes(state)) for (let at = 3; at < share; at += 5) line(pen, colours.box, 1, [[x + at - 3, box.cy + depth], [x + at, box.cy]]);
    x += share;
  }
}
