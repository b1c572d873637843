// The rules of Canvas Kit that every component shares.

import { newTabLink, element } from "./dom.js";
import { isAllowedUrl } from "./url.js";

/** A canvas that Intercom would not accept; the message says why. */
export class CanvasError extends Error {}

/** A field that a component cannot do without: a text, unless it is something else (a list, a number). */
export function required(component, field, what) {
  const value = component?.[field];
  if (value === undefined || value === null || value === "") throw new CanvasError(`${what} lacks "${field}"`);
  return value;
}

/** One of the values that a field may have; the first is what a missing field means. */
export function oneOf(component, field, values) {
  const value = component[field] ?? values[0];
  if (!values.includes(value)) throw new CanvasError(`"${field}" cannot be "${value}"`);
  return value;
}

/** An address that a canvas may use. */
export function allowedUrl(text, what) {
  if (!isAllowedUrl(text)) throw new CanvasError(`${what} has an address that is not HTTPS: ${text}`);
  return text;
}

/**
 * Wraps `children` in what the action asks for: a link to a new tab, a button that submits, or a plain
 * element.
 */
export function acting(component, canvasState, what, properties, ...children) {
  const { action, id, disabled = false } = component;
  const kind = action === undefined ? "none" : required(action, "type", `the action of ${what}`);
  if (kind === "none" || (kind === "url" && disabled)) {
    return element("div", { "aria-disabled": disabled ? "true" : null, ...properties }, ...children);
  }
  if (kind === "url") return newTabLink(allowedUrl(action.url, what), properties, ...children);
  if (kind !== "submit") throw new CanvasError(`${what} has the action "${kind}", which the Inbox does not know`);
  return element(
    "button",
    { type: "button", disabled, onclick: () => canvasState.submit(id), "data-component-id": id, ...properties },
    ...children,
  );
}
