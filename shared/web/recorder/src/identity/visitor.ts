// The browser's own id: it tells that two sessions are one person's before anybody says whose.

import { type Cookies, readCookie } from "../cookies";
import { type Storage, write } from "../storage";

const NAME = "recapt.anonymous_id";
/** A year; browsers cut it to what they allow. */
const COOKIE_SECONDS = 365 * 24 * 3_600;

/**
 * The id that was kept, or a new one, in the site's storage and else in a cookie; none where a page keeps
 * nothing.
 */
export function anonymousId(storage: Storage, cookies: Cookies, newId: () => string): string | undefined {
  const known = storage.getItem(NAME) ?? readCookie(cookies, NAME);
  if (known) return known;
  const id = newId();
  if (write(storage, NAME, id) && storage.getItem(NAME) === id) return id;
  cookies.cookie = `${NAME}=${id}; max-age=${COOKIE_SECONDS}; path=/; samesite=lax`;
  return readCookie(cookies, NAME) === id ? id : undefined;
}

/** Forgets the id: somebody else sits at this browser now. */
export function forgetAnonymousId(storage: Storage, cookies: Cookies): void {
  storage.removeItem(NAME);
  cookies.cookie = `${NAME}=; max-age=0; path=/; samesite=lax`;
}
