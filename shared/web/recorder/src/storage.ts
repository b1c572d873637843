// What outlives a page: for the tab alone, so that no recording stays behind on a shared computer.

/** The part of the browser's `Storage` that is used. */
export interface Storage {
  getItem(key: string): string | null;
  /** Throws when there is no room. */
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  keys(): string[];
}

/** The browser's storage of that kind; a page's own memory where the browser gives none. */
export function open(kind: "sessionStorage" | "localStorage"): Storage {
  try {
    const storage = window[kind];
    storage.getItem("recapt");
    return {
      getItem: (key) => storage.getItem(key),
      setItem: (key, value) => storage.setItem(key, value),
      removeItem: (key) => storage.removeItem(key),
      keys: () => Object.keys(storage),
    };
  } catch {
    return memory();
  }
}

/** Storage that ends with the page. */
export function memory(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    keys: () => [...items.keys()],
  };
}

/** A JSON value that was stored; none when there is none, or something else. */
export function read<T>(storage: Storage, key: string, isWanted: (value: unknown) => value is T): T | undefined {
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
