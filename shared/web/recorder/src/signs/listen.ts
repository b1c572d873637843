// Listening to a window before the page does.

export type Win = Window & typeof globalThis;

/** Listens to these events on their way down; gives what ends it. What goes wrong reaches nobody. */
export function listen<E extends Event>(target: EventTarget, names: readonly string[], hear: (event: E) => void): () => void {
  const safely = (event: Event) => {
    try {
      hear(event as E);
    } catch {
      // An event that the page goes on with all the same.
    }
  };
  const options = { capture: true, passive: true };
  for (const name of names) target.addEventListener(name, safely, options);
  return () => {
    for (const name of names) target.removeEventListener(name, safely, options);
  };
}

/** What an event happened on, in whichever shadow it stands. */
export function origin(event: Event): Node | undefined {
  const [first] = event.composedPath();
  return first && "nodeType" in first ? (first as Node) : undefined;
}
