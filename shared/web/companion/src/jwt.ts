// A JWT of Intercom's Messenger, read and not verified: the browser has no secret.

/** Its claims; none when it is none. */
export function claims(jwt: string): Record<string, unknown> {
  try {
    const base64 = (jwt.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const read: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof read === "object" && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/**
 * Whether it has ended by then, ms since 1970: nobody takes it, and what is said beside it, any more.
 */
export function hasEnded(jwt: string, now: number): boolean {
  const { exp } = claims(jwt);
  return typeof exp === "number" && exp * 1_000 <= now;
}
