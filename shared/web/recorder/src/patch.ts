// Methods of the browser that are listened to, and do what they always do.

/**
 * What is done before a call; what it gives is done after it, with what the call gave. If that gives
 * something itself, the page gets it: a promise that ends as the other does, for one that is listened to
 * counts as handled.
 */
export type Listen = (self: unknown, args: readonly unknown[]) => ((result: unknown) => unknown) | void;

/**
 * Listens to the calls of a method; gives what ends that. The page finds the method as it was: its name, its
 * length, its text, its answers and errors. What goes wrong with listening reaches nobody.
 */
export function patch(owner: object | undefined, name: string, listen: Listen): () => void {
  const found = owner && Object.getOwnPropertyDescriptor(owner, name);
  const original: unknown = found?.value;
  if (!owner || !found || typeof original !== "function") return () => {};
  let isListening = true;
  const safely = <T>(action: () => T): T | undefined => {
    try {
      return isListening ? action() : undefined;
    } catch {
      return undefined;
    }
  };
  const patched: unknown = new Proxy(original, {
    apply(target, self: unknown, args: unknown[]) {
      const after = safely(() => listen(self, args));
      const result: unknown = Reflect.apply(target, self, args);
      return (after && safely(() => after(result))) ?? result;
    },
  });
  // Where a page has frozen it, there is nothing to hear.
  if (!Reflect.defineProperty(owner, name, { ...found, value: patched })) return () => {};
  return () => {
    isListening = false;
    // Who put itself on top of it stays.
    const isOnTop = Object.getOwnPropertyDescriptor(owner, name)?.value === patched;
    if (isOnTop) Reflect.defineProperty(owner, name, found);
  };
}
