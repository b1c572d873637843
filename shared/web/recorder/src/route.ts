// Routes that a single-page site keeps in the fragment of its address: told apart, and not kept.

/** Routes that are told apart: more is a page that counts in its fragment. */
const MOST = 1_000;

export class Routes {
  private readonly numbers = new Map<string, number | undefined>();
  private latest = "";

  /** `isPlace`: whether a fragment leads to a place on the page, and is no route. */
  constructor(private readonly isPlace: (fragment: string) => boolean) {}

  /**
   * A route's number. The one with which the page was opened has none, as a page without routes has. A place
   * belongs to the route that it is on.
   */
  number(address: string): number | undefined {
    const fragment = address.split("#").slice(1).join("#");
    const isFirst = this.numbers.size === 0;
    const route = fragment && this.isPlace(fragment) ? (isFirst ? "" : this.latest) : fragment;
    this.latest = route;
    if (!this.numbers.has(route)) {
      if (this.numbers.size >= MOST) return MOST;
      this.numbers.set(route, isFirst ? undefined : this.numbers.size);
    }
    return this.numbers.get(route);
  }
}

/** As browsers look for it: by the id of an element, by the name of an anchor, or the page's top. */
export function isPlace(page: Pick<Document, "getElementById" | "getElementsByName">, fragment: string): boolean {
  let decoded = fragment;
  try {
    decoded = decodeURIComponent(fragment);
  } catch {
    // As it stands, then.
  }
  const isFound = (name: string) => page.getElementById(name) ?? page.getElementsByName(name)[0];
  return decoded.toLowerCase() === "top" || Boolean(isFound(fragment) ?? isFound(decoded));
}
