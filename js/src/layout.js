/** Where everything stands on the canvas: pure arithmetic, so that a test can ask what overlaps. */

import { byPlace } from "./nodes.js";

export const SIZES = [16, 13, 11, 9, 7, 6, 5, 4, 3];
const BOX_GAP = 8;
const PAD = 8;
const HEAD = 36;
// Below this size of cells a box has a smaller head too.
const COMPACT = 9;
const COMPACT_HEAD = 24;
const LANE = 20;
// A picture much higher than a screen shows less, not more.
const HIGHEST = 760;

export const gapOf = (size) => (size >= 9 ? 3 : size >= 5 ? 2 : 1);

/**
 * @typedef {{node: any, x: number, y: number, w: number, h: number, columns: number, head: number, cx: number, cy: number}} Box
 * @typedef {{size: number, gap: number, hasNames: boolean, boxes: Box[], zones: {name: string, y: number}[], height: number}} Layout
 */

/**
 * The largest cells that fit; size 0 where each would fall under 3 px and a node shows shares instead.
 * @param {any[]} nodes @param {(name: string) => number} slotsOf @param {number} width @returns {Layout}
 */
export function layout(nodes, slotsOf, width) {
  const sorted = [...nodes].sort(byPlace);
  const most = sorted.reduce((most, node) => (node.roles.includes("control-plane") ? most : Math.max(most, slotsOf(node.name))), 1);
  for (const size of SIZES) {
    const found = place(sorted, slotsOf, width, size, most);
    if (found.height <= HIGHEST) return found;
  }
  const small = sorted.length > 800;
  return place(sorted, slotsOf, width, 0, most, small ? { head: 0, wide: 34, deep: 12 } : { head: 18, wide: 104, deep: 12 });
}

function lanes(sorted) {
  const isHead = (node) => node.roles.includes("control-plane");
  const found = [{ zone: null, nodes: sorted.filter(isHead), isHead: true }];
  const workers = sorted.filter((node) => !isHead(node));
  const hasZones = workers.some((node) => node.zone);
  for (const node of workers) {
    const zone = hasZones ? node.zone ?? "" : null;
    if (found.at(-1).isHead || found.at(-1).zone !== zone) found.push({ zone, nodes: [], isHead: false });
    found.at(-1).nodes.push(node);
  }
  return found.filter((lane) => lane.nodes.length);
}

function place(sorted, slotsOf, width, size, most, tile = null) {
  const gap = gapOf(size);
  const isCompact = size < COMPACT;
  const head = tile ? tile.head : isCompact ? COMPACT_HEAD : HEAD;
  const pad = tile ? 3 : PAD;
  const pitch = size + gap;
  const natural = tile ? tile.wide : Math.max(isCompact ? 92 : 132, Math.ceil(Math.sqrt(most * 2.4)) * pitch + 2 * pad - gap);
  const boxes = [];
  const zones = [];
  let y = 0;
  for (const lane of lanes(sorted)) {
    if (lane.zone !== null) {
      zones.push({ name: lane.zone, y });
      y += LANE;
    }
    const outer = tile ? 4 : BOX_GAP;
    const fit = Math.max(1, Math.floor((width + outer) / (natural + outer)));
    const perRow = tile ? fit : Math.min(fit, lane.nodes.length);
    const w = Math.floor((width + outer) / perRow) - outer;
    const columns = size ? Math.max(1, Math.floor((w - 2 * pad + gap) / pitch)) : 1;
    for (let start = 0; start < lane.nodes.length; start += perRow) {
      const row = lane.nodes.slice(start, start + perRow);
      const rows = size ? Math.max(...row.map((node) => Math.ceil(Math.max(1, slotsOf(node.name)) / columns))) : 1;
      const h = head + (size ? rows * pitch - gap : tile.deep) + pad;
      row.forEach((node, index) => {
        const x = index * (w + outer);
        boxes.push({ node, x, y, w, h, columns, head, cx: x + pad, cy: y + head + (tile && !head ? pad : 0) });
      });
      y += h + outer;
    }
  }
  return { size, gap, hasNames: !tile || tile.head > 0, boxes, zones, height: Math.max(0, y) };
}

/** The place of a slot. @param {Layout} plan @param {Box} box @param {number} slot */
export function slotAt(plan, box, slot) {
  const pitch = plan.size + plan.gap;
  return { x: box.cx + (slot % box.columns) * pitch, y: box.cy + Math.floor(slot / box.columns) * pitch, size: plan.size };
}

/** What is under a point: its box, and the slot where cells are drawn. @param {Layout} plan */
export function under(plan, x, y) {
  const box = plan.boxes.find((one) => x >= one.x && x < one.x + one.w && y >= one.y && y < one.y + one.h);
  if (!box) return null;
  if (!plan.size || y < box.cy) return { box, slot: -1 };
  const pitch = plan.size + plan.gap;
  const column = Math.floor((x - box.cx) / pitch);
  const row = Math.floor((y - box.cy) / pitch);
  return { box, slot: column >= 0 && column < box.columns ? row * box.columns + column : -1 };
}
