// Cookies of the site, as far as a page has any.

/** The part of `document` that is used. */
export interface Cookies {
  cookie: string;
}

/** A document's cookies. One in a sandbox has none, and throws at whoever asks. */
export function cookiesOf(page: Cookies): Cookies {
  return {
    get cookie() {
      try {
        return page.cookie;
      } catch {
        return "";
      }
    },
    set cookie(text: string) {
      try {
        page.cookie = text;
      } catch {
        // As above.
      }
    },
  };
}

export function readCookie(cookies: Cookies, name: string | RegExp): string | undefined {
  for (const pair of cookies.cookie.split(/;\s*/)) {
    const at = pair.indexOf("=");
    const key = pair.slice(0, at);
    if (typeof name === "string" ? key === name : name.test(key)) return pair.slice(at + 1) || undefined;
  }
  return undefined;
}
