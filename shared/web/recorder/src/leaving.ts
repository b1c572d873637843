// Where a page is left for. What it could not send any more is sent by the next page of the same site, which
// reads it from the tab's storage. If both sent it, it would be paid for twice. A page without the recorder
// sends nothing: then the rest waits for the next one with it.
//
// Not so for a page of the tab's history: in Firefox one that comes back sees the storage as it left it.

/** A navigation that was announced is done, or has failed, after so long. */
const ANNOUNCED_MS = 5_000;

/** A further page of this site, one that was shown before and may come back as it was, or neither. */
export type Next = "this site" | "history" | "elsewhere";

interface NavigateEvent extends Event {
  destination: { url: string; sameDocument: boolean };
  downloadRequest: string | null;
  navigationType: string;
}

let announcedAt = -Infinity;
let announced: Next = "elsewhere";
let address = "";

/** Learns of navigations, in browsers that tell of them (others send twice). */
export function watchNavigation(now: () => number): void {
  const { navigation } = window as { navigation?: EventTarget };
  navigation?.addEventListener("navigate", (event) => {
    const { destination, downloadRequest, navigationType } = event as NavigateEvent;
    if (destination.sameDocument || downloadRequest !== null) return;
    const isHere = new URL(destination.url).origin === location.origin;
    announced = !isHere ? "elsewhere" : navigationType === "traverse" ? "history" : "this site";
    announcedAt = now();
    // Loaded again, it stays where it is.
    address = navigationType === "reload" ? "" : destination.url;
  });
}

/** Where the page is being left for. */
export function leavesFor(now: number): Next {
  // A page that goes there by itself is there already, and is left for something else.
  const isThere = location.href === address;
  return now - announcedAt < ANNOUNCED_MS && !isThere ? announced : "elsewhere";
}
