// Where a recorded page may load pictures, fonts and sounds from, and what is shown of those that it may not.
//
// The page's Content-Security-Policy says the same. This spares the browser what the policy would refuse, and
// whoever watches a hole in the page.

/** A picture that shows nothing, for styles. */
const NOTHING = `"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"`;

/** A font that no computer has: a style goes on to the next one. */
const NO_FONT = `local("not loaded")`;

/** How large a picture is taken to be when nothing says so, CSS pixels. */
const UNKNOWN: PictureSize = { width: 160, height: 120 };

/** Largest side of a picture, CSS pixels: a page does not grow without bounds by a number in it. */
const MAX_SIDE = 20_000;

/** The longest address that is looked at. */
const MAX_ADDRESS = 1 << 20;

/** As large as a picture is by itself. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The sites that media may come from. */
export class Sources {
  private readonly listed: ReadonlySet<string>;

  /**
   * `list`: as in the page's policy, `https:` or origins, with spaces between. `quietly`: what makes a
   * browser load an address of styles without a referrer.
   */
  constructor(
    list: string,
    private readonly quietly = "",
  ) {
    this.listed = new Set(list.split(" ").filter(Boolean));
  }

  /** Whether something may be loaded from this address. */
  allow(address: string): boolean {
    const url = parsed(address);
    // Not `origin`: that of a `blob:` is its maker's.
    return url !== null && (this.listed.has(url.protocol) || this.listed.has(`${url.protocol}//${url.host}`));
  }

  /** Whether every candidate of a `srcset` may be loaded; what cannot be told apart may not. */
  allowAll(srcset: string): boolean {
    const words = srcset.match(/\S+/g) ?? [];
    const addresses = words.filter((word) => !/^[\d.e+-]+[wxh],*$/i.test(word)).map((word) => word.replace(/^,+|,+$/g, ""));
    return addresses.every((address) => isPicture(address) || this.allow(address));
  }

  /** Styles without what they may not load, and without a word to whom they load from. */
  styles(css: string): string {
    // As browsers read it, so that nothing hides behind an escape; a policy in styles would count above ours.
    const plain = spelled(css).replace(/@\s*import\b[^;]*(;|$)/gi, "").replace(/\breferrer-policy\s*\(/gi, "none(");
    if (!/(url|src|image-set)\(/i.test(plain)) return plain;
    return plain
      .replace(/@font-face\s*\{[^{}]*\}/gi, (rule) => this.addressed(rule, NO_FONT))
      .replace(/image-set\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\)/gi, (set) =>
        set.replace(/(url\(\s*)?("[^"]*"|'[^']*')/gi, (all, url?: string, text = "") => (url || isType(text) ? all : `url(${text})`)),
      )
      .replace(ADDRESSES, (all, content?: string) => (content === undefined ? all : this.address(all, content, `url(${NOTHING})`)));
  }

  private addressed(css: string, instead: string): string {
    return css.replace(ADDRESSES, (all, content?: string) => (content === undefined ? all : this.address(all, content, instead)));
  }

  private address(all: string, content: string, instead: string): string {
    const [, quoted, bare = ""] = /^\s*("(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*')|^([^]*)$/.exec(content) ?? [];
    const address = unescaped(quoted?.slice(1, -1) ?? bare).trim();
    if (/^(#|data:)/i.test(address)) return all;
    return this.allow(address) ? `url("${new URL(address).href.replace(/["\\]/g, "%22")}"${this.quietly})` : instead;
  }
}

/**
 * `url(…)` in styles with what is in it; comments and strings, with nothing. No part of it matches in two
 * ways, so that it takes no longer for it.
 */
const ADDRESSES =
  /\/\*[^]*?(?:\*\/|$)|\b(?:url|src)\((\s*(?:"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*')(?:[^()"']|\((?:[^()"']|"[^"]*"|'[^']*')*\))*|[^()"']*)(?:\)|$)|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/gi;

/** Styles with plain letters, where they are escaped for no reason. */
function spelled(css: string): string {
  if (!css.includes("\\")) return css;
  const letters = /\\\\|\\(?:0000([46][1-9a-f]|[57][0-9a]|2d)|0{0,3}([46][1-9a-f]|[57][0-9a]|2d)(?![0-9a-f]))\s?|\\([g-z])/gi;
  return css.replace(letters, (all, full?: string, short?: string, letter?: string) => {
    const code = full ?? short;
    const sign = code === undefined ? letter : String.fromCharCode(Number.parseInt(code, 16));
    return sign !== undefined && /[a-z-]/i.test(sign) ? sign : all;
  });
}

/** What is shown of a picture that is not loaded: its box, and why it is empty. */
export function placeholder(what: string, address: string, size: PictureSize = UNKNOWN): string {
  const { width, height } = size;
  const lines = [`${what} not loaded:`, parsed(address)?.host || "unknown"].map(escaped);
  const text = (line: string | undefined, shift: number) => `<text x='50%' y='50%' dy='${shift}' text-anchor='middle'>${line}</text>`;
  // A font as large as the box has room for.
  const font = Math.round(Math.max(4, Math.min(13, width / 12, height / 3)));
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' width='${width}' height='${height}' viewBox='0 0 ${width} ${height}' style='background:#eceef2;box-shadow:inset 0 0 0 1px #b9bfca' font-family='sans-serif' font-size='${font}' fill='#4a5160'>${text(lines[0], -font / 4)}${text(lines[1], font)}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** The size of a picture, as far as its attributes say it. */
export function pictureSize(attributes: Record<string, unknown>): PictureSize | undefined {
  const [, ownWidth, ownHeight] = /^(\d+)x(\d+)$/.exec(String(attributes["data-recapt-size"] ?? "")) ?? [];
  const width = side(ownWidth) ?? side(attributes.width) ?? side(attributes.rr_width);
  const height = side(ownHeight) ?? side(attributes.height) ?? side(attributes.rr_height);
  if (width === undefined && height === undefined) return undefined;
  return {
    width: width ?? Math.round(((height as number) * UNKNOWN.width) / UNKNOWN.height),
    height: height ?? Math.round(((width as number) * UNKNOWN.height) / UNKNOWN.width),
  };
}

/** A length in pixels, as attributes have it. */
function side(value: unknown): number | undefined {
  const [, digits] = /^\s*(\d{1,5})(?:\.\d*)?(?:px)?\s*$/.exec(String(value ?? "")) ?? [];
  const length = Number(digits);
  return length > 0 && length <= MAX_SIDE ? length : undefined;
}

function isPicture(address: string): boolean {
  return /^data:image\//i.test(address);
}

/** Whether a text in an `image-set` names a type, not an address. */
function isType(text: string): boolean {
  return /^["']image\/[\w.+-]+["']$/i.test(text);
}

function parsed(address: string): URL | null {
  if (address.length > MAX_ADDRESS) return null;
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** What a text in styles stands for in CSS. */
function unescaped(text: string): string {
  return text.replace(/\\(?:([0-9a-f]{1,6})\s?|\r?\n|([^]))/gi, (_, code?: string, letter?: string) => {
    if (code === undefined) return letter ?? "";
    const point = Number.parseInt(code, 16);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  });
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
