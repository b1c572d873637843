// Signs of a hand: those that rrweb does not record are told, and all of them say that somebody is there.

import { type Win, listen, origin } from "./listen";
import type { Signs } from "./signs";

/** What only a visitor does, and a page cannot do by itself. */
const HANDS = ["pointerdown", "pointermove", "keydown", "wheel", "touchmove"];
const BY: Record<string, "key" | "wheel" | "touch" | undefined> = { keydown: "key", wheel: "wheel", touchmove: "touch" };

export function watchHands(win: Win, signs: Signs, attend: () => void): () => void {
  return listen(win, HANDS, (event) => {
    if (!event.isTrusted) return;
    attend();
    const by = BY[event.type];
    if (by) signs.hand(by, origin(event));
  });
}
