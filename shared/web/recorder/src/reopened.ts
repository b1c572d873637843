// `document.open`, by which old pages write themselves anew: it takes away every listener, also ours.

const PROBE = "recapt:probe";

/** Calls `restart` whenever the document was opened anew. Observers stay, by which it is seen. */
export function watchReopening(page: Document, restart: () => void): () => void {
  let isHeard = false;
  const hear = () => {
    isHeard = true;
  };
  const look = () => {
    isHeard = false;
    page.dispatchEvent(new Event(PROBE));
    if (isHeard) return;
    page.addEventListener(PROBE, hear);
    restart();
  };
  const observer = new MutationObserver(look);
  page.addEventListener(PROBE, hear);
  observer.observe(page, { childList: true });
  return () => observer.disconnect();
}

/**
 * Does something to a document that is being written as to one that stands: many are never closed, and rrweb
 * would wait for the end.
 */
export function asIfRead<T>(page: Document, action: () => T): T {
  if (page.readyState !== "loading") return action();
  Object.defineProperty(page, "readyState", { configurable: true, get: () => "interactive" });
  try {
    return action();
  } finally {
    delete (page as { readyState?: unknown }).readyState;
  }
}
