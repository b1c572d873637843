// A JWT of Intercom's Messenger, read and not verified: the browser has no secret, and the server
// verifies.

/** Whom a JWT names; nobody when it is none. */
export function jwtNames(jwt: string): { user_id?: string; email?: string } {
  try {
    const base64 = (jwt.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown> | null;
    const text = (claim: unknown) => (typeof claim === "string" || typeof claim === "number" ? String(claim) : undefined);
    return { user_id: text(claims?.["user_id"]), email: text(claims?.["email"]) };
  } catch {
    return {};
  }
}
