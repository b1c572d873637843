// A tab without a browser.

import type { Storage } from "../src/storage";

/** Storage of a tab. */
export function memory(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    keys: () => [...items.keys()],
  };
}

/** One that takes nothing. */
export const full = (): Storage => ({
  ...memory(),
  setItem() {
    throw new Error("QuotaExceededError");
  },
});

/** What one page hands to the next. */
export function handover() {
  let given: string | undefined;
  return {
    give: (text: string) => void (given = text),
    take: () => {
      const taken = given;
      given = undefined;
      return taken;
    },
  };
}
