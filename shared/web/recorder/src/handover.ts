// What one page hands to the next where the tab's storage takes nothing: it is full, read-only or forbidden.
//
// A cookie of this site alone, with nothing in it but the number of a session and where it stands. It goes
// after half a minute, and the next page takes it away at once: so no two tabs share a session.

import { type Cookies, readCookie } from "./cookies";

const SECONDS = 30;

export class Handover {
  constructor(
    private readonly cookies: Cookies,
    private readonly name: string,
  ) {}

  give(text: string): void {
    this.write(encodeURIComponent(text), SECONDS);
  }

  /** What the page before gave; nothing a second time. */
  take(): string | undefined {
    const found = readCookie(this.cookies, this.name);
    if (found === undefined) return undefined;
    this.write("", 0);
    try {
      return decodeURIComponent(found);
    } catch {
      return undefined;
    }
  }

  private write(value: string, seconds: number): void {
    this.cookies.cookie = `${this.name}=${value}; max-age=${seconds}; path=/; samesite=strict`;
  }
}
