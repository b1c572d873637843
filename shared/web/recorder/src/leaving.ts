// Where a page is left for. What it could not send any more is sent by the next page of the same site, which
// reads it from the tab's storage. If both sent it, it would be paid for twice. A page without the recorder
// sends nothing: then the rest waits for the next one with it.

/** A navigation that was announced is done, or has failed, after so long. */
const ANNOUNCED_MS = 5_000;

interface NavigateEvent extends Event {
  destination: { url: string; sameDocument: boolean };
  downloadRequest: string | null;
}

let announcedAt = -Infinity;

/** Learns of navigations, in browsers that tell of them (Chromium; others send twice). */
export function watchNavigation(now: () => number): void {
  const { navigation } = window as { navigation?: EventTarget };
  navigation?.addEventListener("navigate", (event) => {
    const { destination, downloadRequest } = event as NavigateEvent;
    if (destination.sameDocument || downloadRequest !== null) return;
    announcedAt = new URL(destination.url).origin === location.origin ? now() : -Infinity;
  });
}

/** Whether the page is being left for another one of this site. */
export function leavesForThisSite(now: number): boolean {
  return now - announcedAt < ANNOUNCED_MS;
}
