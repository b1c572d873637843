// Intercom's visitor id: by it a conversation that an unknown visitor begins leads to their sessions.

import { type Cookies, readCookie } from "../cookies";

/**
 * The Messenger loads when it likes: it is asked after 1, 2, 4 … seconds, in all for some two minutes a page.
 */
const TRIES = 7;
const FIRST_MS = 1_000;

/** Intercom's `window.Intercom`; a queue that answers nothing until the Messenger has loaded. */
export type Messenger = ((command: "getVisitorId") => unknown) | undefined;

/** The visitor's id as far as it is known. The Messenger knows none of people who are signed in. */
export function visitorId(messenger: Messenger, cookies: Cookies): string | undefined {
  let id: unknown;
  try {
    id = messenger?.("getVisitorId");
  } catch {
    // Its own affair.
  }
  return typeof id === "string" && id ? id : readCookie(cookies, /^intercom-id-/);
}

/** Asks until there is an answer. */
export function watchVisitorId(ask: () => string | undefined, tell: (id: string) => void): void {
  const attempt = (number: number) => {
    const id = ask();
    if (id) tell(id);
    else if (number < TRIES) setTimeout(attempt, FIRST_MS * 2 ** number, number + 1);
  };
  attempt(0);
}
