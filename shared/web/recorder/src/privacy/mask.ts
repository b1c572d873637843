// What the page itself says is not to be seen.

import type { Settings } from "../settings";

/**
 * In the markup of a site: the element's text becomes stars; it is left out; what is typed into it is not
 * recorded.
 */
export const CLASSES = { mask: "rr-mask", block: "rr-block", ignore: "rr-ignore" };
const ATTRIBUTES = { mask: "[data-recapt-mask]", block: "[data-recapt-block]", ignore: "[data-recapt-ignore]" };

/** What is written into the page as into a field. */
const EDITABLE = `[contenteditable]:not([contenteditable="false"]),textarea`;

export interface Masks {
  /** Selectors. */
  mask: string;
  block: string;
  ignore: string;
}

/**
 * The masks of a site.
 *
 * @throws SyntaxError for a selector that the browser does not understand: rrweb would go on without any mask
 * at all.
 */
export function masks(settings: Settings, understands: (selector: string) => unknown): Masks {
  const all = (...selectors: (string | undefined)[]) => selectors.filter(Boolean).join(",");
  const found = {
    mask: all(`.${CLASSES.mask}`, ATTRIBUTES.mask, EDITABLE, settings.maskAllText ? "*" : undefined, settings.mask),
    block: all(`.${CLASSES.block}`, ATTRIBUTES.block, settings.block),
    ignore: all(`.${CLASSES.ignore}`, ATTRIBUTES.ignore),
  };
  Object.values(found).forEach(understands);
  return found;
}

/** Stars for a text: words keep their places. */
export function stars(text: string): string {
  return text.replace(/\S/g, "*");
}

/** Stars for what was typed: that something stands there, and about how much, but not how long it is. */
export function typed(text: string): string {
  return "*".repeat(Math.ceil(text.length / 4) * 4);
}
