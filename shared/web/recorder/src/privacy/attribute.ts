// Attributes, which rrweb records in clear.

import { stars, typed } from "./mask";
import { scrub } from "./text";
import { url } from "./url";

/** The element that has the attribute. */
export interface Owner {
  tag: string;
  /** Of an input: what kind. */
  type?: string;
  /** Of a meta: what it says. */
  name?: string;
  /** Whether it stands in something masked; asked only where it matters. */
  isMasked(): boolean;
}

/** Inputs whose value is their caption. */
const BUTTONS = ["button", "submit", "reset"];
/** What tells a reader something. */
const TELLING = /^(title|alt|placeholder|label|summary|value|content|download|aria-.*|data-.*)$/;
/** What leads elsewhere: a replay needs none of it. */
const LINKS = /^(action|formaction|cite|ping|data|longdesc|rr_src)$/;
/** What these load is drawn, and may need its query for that. */
const DRAWN = ["img", "image", "use", "link", "source", "video", "audio", "input"];
/** The meta elements that change how a page is drawn. */
const DRAWING_META = /^(viewport|color-scheme|theme-color)$/;

/**
 * Whether the attribute is recorded at all. A policy of referrers, an attribute's or a meta's, would tell
 * others where the recording is watched.
 */
export function isRecorded(owner: Owner, name: string): boolean {
  if (name.toLowerCase() === "referrerpolicy") return false;
  return owner.tag !== "meta" || (/^(name|content)$/.test(name) && DRAWING_META.test(owner.name ?? ""));
}

/** The value as it may be recorded. What rrweb adds itself (`rr_width`, `_cssText`) stays. */
export function attribute(owner: Owner, name: string, value: string): string {
  const { tag } = owner;
  const isField = tag === "input" || tag === "select" || tag === "textarea";
  if (name === "value" && isField && !BUTTONS.includes(owner.type ?? "")) return typed(value);
  if (name === "srcdoc" || name === "nonce" || name.startsWith("on")) return "";
  if (tag === "meta" && name === "content") return DRAWING_META.test(owner.name ?? "") ? value : "";
  if (LINKS.test(name)) return url(value);
  if (name === "href" || name === "src" || name === "xlink:href") {
    // A mark with nothing behind it says that the link leads nowhere: it stands for a button.
    const mark = tag === "a" && value.endsWith("#") ? "#" : "";
    return DRAWN.includes(tag) ? value : url(value) + mark;
  }
  if (!TELLING.test(name)) return value;
  return owner.isMasked() ? stars(value) : scrub(value);
}
