/** Makes elements of a picture; text is always set as text. */

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, any>} [attributes] @param {(Element | string)[]} [children] */
export function draw(tag, attributes = {}, children = []) {
  const el = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, typeof value === "number" ? String(Math.round(value * 10) / 10) : value);
  el.append(...children);
  return el;
}
