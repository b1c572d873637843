// What outlives a page: for the tab alone, so that no recording stays behind on a shared computer.

/** The part of the browser's `Storage` that is used. */
export interface Storage {
  getItem(key: string): string | null;
  /** Throws when there is no room. */
  setItem(key: string, value: string): void;
  /** Never throws. */
  removeItem(key: string): void;
  keys(): string[];
}

/** The browser's storage of that kind; one that takes nothing where the browser gives none. */
export function open(kind: "sessionStorage" | "localStorage"): Storage {
  try {
    const storage = window[kind];
    storage.getItem("recapt");
    return {
      getItem: (key) => storage.getItem(key),
      setItem: (key, value) => storage.setItem(key, value),
      removeItem(key) {
        try {
          storage.removeItem(key);
        } catch {
          // One that is read-only.
        }
      },
      keys: () => Object.keys(storage),
    };
  } catch {
    return NONE;
  }
}

const NONE: Storage = {
  getItem: () => null,
  setItem() {
    throw new Error("nothing is stored");
  },
  removeItem() {},
  keys: () => [],
};

/** A JSON value that was stored; none when there is none, or something else. */
export function read<T>(storage: Pick<Storage, "getItem">, key: string, isWanted: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? "null");
    return isWanted(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there was room. */
export function write(storage: Storage, key: string, value: string): boolean {
  try {
    storage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
