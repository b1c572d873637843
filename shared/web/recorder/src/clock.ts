// The time by the browser's clock, whatever the page has made of `Date`.

/**
 * Milliseconds since 1970. `Date.now` as it was when the recorder began, if that was the browser's own. Else
 * what the browser writes upon a file that is made now: libraries put objects, seconds and standing clocks
 * into the place of `Date`.
 */
export function clock(date: { now(): unknown } = Date, isOwn: (method: unknown) => boolean = isBrowsers): () => number {
  const { now } = date;
  return isOwn(now) ? (now as () => number) : () => new File([], "").lastModified;
}

function isBrowsers(method: unknown): boolean {
  return typeof method === "function" && Function.prototype.toString.call(method).includes("[native code]");
}

export const now = clock();
