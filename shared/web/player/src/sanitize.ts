// What a stranger's page may not bring into ours.
//
// Three walls stand between a recorded page and whoever watches it: this file, the sandbox of the frame that
// it is rebuilt in (no scripts, no forms, no popups, no way to the top window), and our page's
// Content-Security-Policy. Each must hold when the others do not.
//
// | dropped | why |
// |---|---|
// | `script`, `base`, `object`, `embed`, frames, `portal`, `fencedframe` | run code, or load documents |
// | `src`, `srcdoc` of `iframe` | load a document; what rrweb recorded of a frame is built without them |
// | `http-equiv` | refreshes elsewhere, sets policies and cookies |
// | `href` of `link` and of SVG's `use`, but for parts of the page | load from elsewhere |
// | all of `meta` but `viewport`, `color-scheme` and `theme-color` | tells our address, sets policies |
// | `referrerpolicy`, `crossorigin`, `attributionsrc` | tell our address or cookies to others |
// | `on…` attributes | are scripts |
// | `action`, `formaction`, `target`, `ping`, `download` | lead elsewhere, or tell somebody |
// | `autofocus`, `autoplay` | take the keyboard, or make noise, unasked |
// | `javascript:`, `vbscript:`, and `data:` that is no picture, sound or font | are scripts, or documents |
// | pictures, fonts and sounds of other hosts (`sources`) | tell others that somebody watches |
// | `@import` in styles | loads styles |
// | canvas commands | rrweb would call what they name |
// | attributes over a megabyte (no picture, no style), a depth over 512 | cost time and memory |
//
// An element that is dropped stays as an empty one of its place, since later events count on it.

import { type PictureSize, type Sources, pictureSize, placeholder } from "./sources";

/** A node as rrweb records it, as far as it can be believed. */
interface RecordedNode {
  type: number;
  id: number;
  tagName?: string;
  attributes?: Record<string, unknown>;
  childNodes?: RecordedNode[];
  textContent?: string;
  isShadowHost?: boolean;
  compatMode?: string;
  name?: string;
  publicId?: string;
  systemId?: string;
}

const DOCUMENT = 0;
const DOCTYPE = 1;
const ELEMENT = 2;
const TEXT = 3;
const CDATA = 4;
const COMMENT = 5;

/** Elements that become others: hidden ones, or boxes where they took room. */
const REPLACED: Readonly<Record<string, string>> = {
  script: "noscript",
  base: "noscript",
  applet: "div",
  embed: "div",
  fencedframe: "div",
  frame: "div",
  frameset: "div",
  object: "div",
  portal: "div",
};

/** Attributes that no element keeps. */
const DROPPED = new Set([
  "action",
  "attributionsrc",
  "autofocus",
  "autoplay",
  "crossorigin",
  "download",
  "formaction",
  "http-equiv",
  "imagesrcset",
  "integrity",
  "manifest",
  "nonce",
  "ping",
  "referrerpolicy",
  "sandbox",
  "srcdoc",
  "target",
]);

/** Attributes that make a browser load something. */
const SOURCES = new Set(["background", "data", "poster", "rr_dataurl", "src", "srcset", "xlink:href"]);

/** Elements that load documents, styles or parts of other files. */
const LOADERS = new Set(["iframe", "link", "use"]);

/** What of them an element loads that loads documents or styles. */
const LOADED = new Set(["href", "src", "xlink:href"]);

/** SVG's pictures, whose `href` is a source. */
const SVG_PICTURES = new Set(["feimage", "image"]);

/** Elements that show a picture, and stay a box when it is not loaded. */
const PICTURES = new Set(["image", "img", "input"]);

/** Attributes with the address of what they show. */
const SHOWN = new Set(["href", "src", "srcset", "xlink:href"]);

/** Attributes that hold styles, or a part of them. */
const STYLED = new Set(
  "_csstext clip-path cursor fill filter marker-end marker-mid marker-start mask stroke style".split(" "),
);

/** The meta elements that change how a page is drawn. */
const DRAWING_META = new Set(["color-scheme", "theme-color", "viewport"]);

/** Attributes of SVG animations that can become an address later. */
const ANIMATED = new Set(["by", "from", "to", "values"]);

/** Elements that may have a shadow root, besides those with a hyphen in their name (DOM, section 4.8). */
const SHADOW_HOSTS = new Set(
  "article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span".split(" "),
);

const MAX_ATTRIBUTE = 1 << 20;
const MAX_DEPTH = 512;

/** What is to be known of an element when it changes. */
interface Known {
  readonly name: string;
  /** Of a picture. */
  size?: PictureSize | undefined;
  /** The address of a picture that is not loaded. */
  missing?: string | undefined;
  /** Of a `meta`: whether it is kept. */
  readonly draws?: boolean;
}

/** Cleans what one stage is to play, in order: it remembers which elements must not load anything. */
export class Sanitizer {
  /** By id, the elements that there were. */
  private readonly elements = new Map<number, Known>();
  /** Ids of the popovers that there ever were. */
  readonly popovers = new Set<number>();
  /** Ids of the `style` elements, and of the texts in them. */
  private readonly sheets = new Set<number>();

  /** `sources`: where media may be loaded from. */
  constructor(private readonly sources: Sources) {}

  /** A page as a whole; whether it can be built. */
  page(root: unknown): boolean {
    this.elements.clear();
    this.sheets.clear();
    if (!isNode(root) || root.type !== DOCUMENT) return false;
    this.tree(root);
    return true;
  }

  /** A part that is added to a page; whether it can be built. */
  added(node: unknown, parent: unknown): boolean {
    if (!isNode(node)) return false;
    if (this.sheets.has(parent as number)) this.sheets.add(node.id);
    this.tree(node);
    return true;
  }

  /** Attributes that change, of an element that is known by its id. */
  changed(id: unknown, attributes: unknown): void {
    if (typeof attributes !== "object" || attributes === null) return;
    const known = this.elements.get(id as number) ?? { name: "" };
    // A name would make another one of it.
    if (known.name === "meta") only(attributes as Record<string, unknown>, known.draws ? ["content"] : []);
    this.attributes(known, attributes as Record<string, unknown>);
  }

  /** What changes of a picture when it is known how large it is; nothing of one that is loaded. */
  sized(id: unknown, size: unknown): Record<string, unknown> | null {
    const known = this.elements.get(id as number);
    if (known === undefined || !PICTURES.has(known.name)) return null;
    known.size = pictureSize((size ?? {}) as Record<string, unknown>) ?? known.size;
    return known.missing === undefined ? null : shownInstead(known, known.missing);
  }

  /** A text that changes, of a node that is known by its id. */
  text(id: unknown, value: string): string {
    return this.sheets.has(id as number) ? this.styles(value) : value;
  }

  /** Styles without what they must not load. */
  styles(css: string): string {
    return this.sources.styles(css);
  }

  /** Whether a node that is known by its id can be played. */
  isMedia(id: unknown): boolean {
    return isPlayed(this.elements.get(id as number)?.name ?? "");
  }

  /** Walks without recursion: a tree may be deeper than the stack. */
  private tree(root: RecordedNode): void {
    const left: [RecordedNode, number][] = [[root, 0]];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [node, depth] = next;
      this.node(node, depth);
      const children = Array.isArray(node.childNodes) && depth < MAX_DEPTH ? node.childNodes.filter(isNode) : [];
      if (node.type === DOCUMENT || node.type === ELEMENT) node.childNodes = children;
      const isSheet = this.sheets.has(node.id);
      for (const child of children) {
        if (isSheet) this.sheets.add(child.id);
        left.push([child, depth + 1]);
      }
    }
  }

  private node(node: RecordedNode, depth: number): void {
    switch (node.type) {
      case DOCUMENT:
        // Within a tree it would empty the document that is being built.
        if (depth > 0) become(node, "div");
        if (!Array.isArray(node.childNodes) || node.childNodes.length === 0) delete node.compatMode;
        break;
      case DOCTYPE:
        node.name = "html";
        node.publicId = text(node.publicId);
        node.systemId = text(node.systemId);
        break;
      case ELEMENT:
        this.element(node);
        break;
      case TEXT:
        node.textContent = this.text(node.id, text(node.textContent));
        break;
      case CDATA:
        // Which an HTML document cannot have.
        node.type = COMMENT;
        node.textContent = "";
        break;
      default:
        node.type = COMMENT;
        node.textContent = "";
    }
  }

  private element(node: RecordedNode): void {
    const name = text(node.tagName).toLowerCase();
    const isName = /^[a-z][\w.:-]*$/.test(name);
    // Names of SVG have capitals, and rrweb expects them.
    node.tagName = isName ? (REPLACED[name] ?? text(node.tagName)) : "div";
    if (REPLACED[name] !== undefined || typeof node.attributes !== "object" || node.attributes === null) {
      node.attributes = kept(node.attributes, ["class", "id", "style", "rr_width", "rr_height"]);
    }
    if (name === "style") this.sheets.add(node.id);
    if ("popover" in node.attributes) this.popovers.add(node.id);
    if (name === "meta" && !isDrawingMeta(node.attributes)) node.attributes = {};
    const known: Known = {
      name,
      size: PICTURES.has(name) || name === "video" ? pictureSize(node.attributes) : undefined,
      draws: Object.keys(node.attributes).length > 0,
    };
    this.elements.set(node.id, known);
    if (name === "meta") only(node.attributes, ["name", "content"]);
    const missing = name === "video" ? this.refusedVideo(node) : undefined;
    this.attributes(known, node.attributes);
    if (missing !== undefined) node.attributes.poster ??= placeholder("video", missing, known.size);
    if (!isPlayed(name)) without(node.attributes, /^rr_media/);
    if (!SHADOW_HOSTS.has(name) && !name.includes("-")) delete node.isShadowHost;
  }

  /** The address of a video that is not loaded: its own, or the first of its sources. */
  private refusedVideo({ attributes, childNodes }: RecordedNode): string | undefined {
    const sources = (Array.isArray(childNodes) ? childNodes : []).filter((child) => isNode(child) && child.tagName === "source");
    const addresses = [attributes, ...sources.map((source) => source.attributes)].map((held) => held?.src);
    const given = addresses.filter((address): address is string => typeof address === "string");
    return given.some((address) => this.isHarmlessSource(address)) ? undefined : given[0];
  }

  private attributes(known: Known, attributes: Record<string, unknown>): void {
    let missing: string | undefined;
    for (const [given, value] of Object.entries(attributes)) {
      const name = given.toLowerCase();
      if (!this.isHarmless(known.name, name, value)) {
        if (SHOWN.has(name) && typeof value === "string") missing = name === "srcset" ? (missing ?? first(value)) : value;
        delete attributes[given];
      } else if (STYLED.has(name)) attributes[given] = this.styled(value);
    }
    if (!PICTURES.has(known.name)) return;
    if (missing !== undefined || attributes.src !== undefined) known.missing = missing;
    if (missing === undefined || attributes.src !== undefined) return;
    Object.assign(attributes, shownInstead(known, missing));
  }

  /** Styles as rrweb has them: as a text, or by property, each perhaps with its priority. */
  private styled(value: unknown): unknown {
    if (typeof value === "string") return this.styles(value);
    if (typeof value !== "object" || value === null) return value;
    const part = (held: unknown) => (typeof held === "string" ? this.styles(held) : held);
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, Array.isArray(held) ? held.map(part) : part(held)]));
  }

  private isHarmless(element: string, name: string, value: unknown): boolean {
    if (name.startsWith("on") || DROPPED.has(name)) return false;
    if (LOADERS.has(element) && LOADED.has(name)) return typeof value === "string" && value.startsWith("#");
    // rrweb writes what is an object as text; styles alone are objects, and are cleaned as such.
    if (typeof value === "object" && value !== null) return name === "style";
    if (typeof value !== "string") return true;
    if (name === "srcset") return value.length <= MAX_ATTRIBUTE && this.sources.allowAll(value);
    if (SOURCES.has(name) || (name === "href" && SVG_PICTURES.has(element))) return this.isHarmlessSource(value);
    if (name === "href") return isHarmlessTarget(value);
    if (ANIMATED.has(name) && /script:|\/\//i.test(squeezed(value))) return false;
    return name === "_csstext" || name === "style" || value.length <= MAX_ATTRIBUTE;
  }

  /** Whether there is nothing but a picture, a sound or a font, or one that may be loaded. */
  private isHarmlessSource(value: string): boolean {
    const start = squeezed(value.slice(0, 200));
    return isMedia(start) || start.startsWith("#") || this.sources.allow(value);
  }
}

/** The attribute of a picture with what is shown instead. */
function shownInstead({ name, size }: Known, missing: string): Record<string, unknown> {
  return { [name === "image" ? "href" : "src"]: placeholder("picture", missing, size) };
}

/** The first address of a `srcset`. */
function first(srcset: string): string {
  return srcset.trim().split(/[\s,]/, 1)[0] ?? "";
}

function isDrawingMeta(attributes: Record<string, unknown>): boolean {
  return DRAWING_META.has(text(attributes.name).toLowerCase());
}

function isPlayed(name: string): boolean {
  return name === "audio" || name === "video";
}

/** Keeps these attributes alone. */
function only(attributes: Record<string, unknown>, names: string[]): void {
  for (const name of Object.keys(attributes)) if (!names.includes(name)) delete attributes[name];
}

/** Whether a link leads to a page that stays unopened. */
function isHarmlessTarget(value: string): boolean {
  const start = squeezed(value.slice(0, 200));
  return value.length <= MAX_ATTRIBUTE && !/^(java|vb)script:/.test(start) && (!start.startsWith("data:") || isMedia(start));
}

function isMedia(start: string): boolean {
  return /^data:(image|audio|video|font)\//.test(start);
}

/**
 * As browsers read the beginning of an address: without white space and control characters, in lower case.
 */
function squeezed(value: string): string {
  return value.replace(/[\u0000-\u0020\u007f-\u00a0]/g, "").toLowerCase();
}

function become(node: RecordedNode, tagName: string): void {
  node.type = ELEMENT;
  node.tagName = tagName;
  node.attributes = {};
}

function kept(attributes: unknown, names: string[]): Record<string, unknown> {
  const given = (attributes ?? {}) as Record<string, unknown>;
  return Object.fromEntries(names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]));
}

function without(attributes: Record<string, unknown>, names: RegExp): void {
  for (const name of Object.keys(attributes)) if (names.test(name)) delete attributes[name];
}

function isNode(value: unknown): value is RecordedNode {
  return typeof value === "object" && value !== null && typeof (value as RecordedNode).id === "number";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
