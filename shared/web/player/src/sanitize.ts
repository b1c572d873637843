// What a stranger's page may not bring into ours.
//
// Three walls stand between a recorded page and whoever watches it: this file, the sandbox of the frame that
// it is rebuilt in (no scripts, no forms, no popups, no way to the top window), and our page's
// Content-Security-Policy. Each must hold when the others do not.
//
// | dropped | why |
// |---|---|
// | `script`, `base`, `object`, `embed`, frames of frame sets, `portal`, `fencedframe` | run code, or load documents |
// | `src`, `srcdoc` of `iframe` | load a document; what rrweb recorded of a frame is built without them |
// | `http-equiv` | refreshes elsewhere, sets policies and cookies |
// | `href` of `link` and of SVG's `use`, but for parts of the same page | preloads, styles and pictures from elsewhere |
// | `on…` attributes | are scripts |
// | `action`, `formaction`, `target`, `ping`, `download` | lead elsewhere, or tell somebody |
// | `autofocus`, `autoplay` | take the keyboard, or make noise, unasked |
// | `javascript:`, `vbscript:`, and `data:` that is no picture, sound or font | are scripts, or documents |
// | sources that are not `https:` (or a picture, sound or font in itself) | the policy refuses them anyway |
// | `@import` in styles | loads styles |
// | canvas commands | rrweb would call what they name |
// | attributes over a megabyte that are no picture or style, elements below a depth of 512 | cost time and memory |
//
// An element that is dropped stays as an empty one of its place, since later events count on it.

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
  "autofocus",
  "autoplay",
  "download",
  "formaction",
  "http-equiv",
  "integrity",
  "manifest",
  "nonce",
  "ping",
  "sandbox",
  "srcdoc",
  "target",
]);

/** Attributes that make a browser load something. */
const SOURCES = new Set(["background", "data", "poster", "rr_dataurl", "src", "srcset", "xlink:href"]);

/** What of them an element loads that loads documents or styles. */
const LOADED = new Set(["href", "src", "xlink:href"]);

/** Attributes of SVG animations that can become an address later. */
const ANIMATED = new Set(["by", "from", "to", "values"]);

/** Elements that may have a shadow root, besides those with a hyphen in their name (DOM, section 4.8). */
const SHADOW_HOSTS = new Set(
  "article aside blockquote body div footer h1 h2 h3 h4 h5 h6 header main nav p section span".split(" "),
);

const MAX_ATTRIBUTE = 1 << 20;
const MAX_DEPTH = 512;

/** Cleans what one stage is to play, in order: it remembers which elements must not load anything. */
export class Sanitizer {
  /** Ids of the `iframe`, `link` and `use` elements that there were. */
  private readonly loaders = new Set<number>();
  /** Ids of the `audio` and `video` elements: rrweb plays and pauses whatever it is told to. */
  private readonly media = new Set<number>();
  /** Ids of the `style` elements, and of the texts in them. */
  private readonly sheets = new Set<number>();

  /** A page as a whole; whether it can be built. */
  page(root: unknown): boolean {
    this.loaders.clear();
    this.sheets.clear();
    this.media.clear();
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
    const isLoader = typeof id === "number" && this.loaders.has(id);
    attributesOf(attributes as Record<string, unknown>, isLoader);
  }

  /** A text that changes, of a node that is known by its id. */
  text(id: unknown, value: string): string {
    return this.sheets.has(id as number) ? styles(value) : value;
  }

  /** Whether a node that is known by its id can be played. */
  isMedia(id: unknown): boolean {
    return this.media.has(id as number);
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
    const isLoader = name === "iframe" || name === "use" || (name === "link" && node.attributes._cssText === undefined);
    if (isLoader || name === "link") this.loaders.add(node.id);
    attributesOf(node.attributes, isLoader);
    if (name === "audio" || name === "video") this.media.add(node.id);
    else without(node.attributes, /^rr_media/);
    if (!SHADOW_HOSTS.has(name) && !name.includes("-")) delete node.isShadowHost;
  }
}

/** Styles without those that they would load. */
export function styles(css: string): string {
  return css.replace(/@\s*import\b[^;]*(;|$)/gi, "");
}

function attributesOf(attributes: Record<string, unknown>, isLoader: boolean): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!isHarmless(name.toLowerCase(), value, isLoader)) delete attributes[name];
    else if (name === "_cssText" && typeof value === "string") attributes[name] = styles(value);
  }
}

function isHarmless(name: string, value: unknown, isLoader: boolean): boolean {
  if (name.startsWith("on") || DROPPED.has(name)) return false;
  if (isLoader && LOADED.has(name)) return typeof value === "string" && value.startsWith("#");
  if (typeof value !== "string") return true;
  if (name === "href") return isHarmlessTarget(value);
  if (SOURCES.has(name)) return name === "srcset" ? value.split(",").every(isHarmlessSource) : isHarmlessSource(value);
  if (ANIMATED.has(name) && /script:/i.test(squeezed(value))) return false;
  return name === "_csstext" || name === "style" || value.length <= MAX_ATTRIBUTE;
}

/** Whether a link leads to a page that stays unopened. */
function isHarmlessTarget(value: string): boolean {
  const start = squeezed(value.slice(0, 200));
  return value.length <= MAX_ATTRIBUTE && !/^(java|vb)script:/.test(start) && (!start.startsWith("data:") || isMedia(start));
}

/** Whether there is nothing but a picture, a sound or a font. */
function isHarmlessSource(value: string): boolean {
  const start = squeezed(value.slice(0, 200));
  if (isMedia(start)) return true;
  return value.length <= MAX_ATTRIBUTE && /^(https:|blob:|#)/.test(start);
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
