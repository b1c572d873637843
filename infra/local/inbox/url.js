// Which addresses a canvas may use.

/** HTTPS, as Intercom wants it; plain HTTP only to this very machine, so that local mode works. */
export function isAllowedUrl(text) {
  if (typeof text !== "string" || !URL.canParse(text)) return false;
  const url = new URL(text);
  const loopback = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  return url.protocol === "https:" || (url.protocol === "http:" && loopback);
}
