/** Where the arrow keys lead: left and right through all in order, up and down to what is nearest there. */

/**
 * @param {{id: string, rect: () => DOMRect | null}[]} items
 * @param {string} id where the focus is
 * @param {string} key
 * @returns {any} the item to go to, or null
 */
export function nextItem(items, id, key) {
  const at = items.findIndex((item) => item.id === id);
  if (at < 0) return null;
  if (key === "ArrowRight") return items[at + 1] ?? null;
  if (key === "ArrowLeft") return items[at - 1] ?? null;
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  const down = { ArrowDown: 1, ArrowUp: -1 }[key];
  const from = down ? items[at].rect() : null;
  if (!from) return null;
  const middle = (rect) => [rect.left + rect.width / 2, rect.top + rect.height / 2];
  const [x, y] = middle(from);
  let best = null;
  let least = Infinity;
  for (const item of items) {
    const rect = item.rect();
    if (!rect) continue;
    const [otherX, otherY] = middle(rect);
    const dy = (otherY - y) * down;
    if (dy < 4) continue;
    const cost = dy * 2 + Math.abs(otherX - x);
    if (cost < least) [best, least] = [item, cost];
  }
  return best;
}
