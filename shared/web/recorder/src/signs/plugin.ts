// Watches every window that rrweb records: the page's own, and those of the frames of its site.

import type { RecordPlugin } from "@rrweb/types";
import { watchCalls } from "./calls";
import type { Edits } from "./edits";
import { watchEffects } from "./effects";
import { watchHands } from "./hands";
import type { Win } from "./listen";
import type { Scripts } from "./scripts";
import type { Signs } from "./signs";

/** Calls `attend` at every sign of a hand. */
export function signsPlugin(signs: Signs, edits: Edits, scripts: Scripts, attend: () => void): RecordPlugin {
  return {
    name: "recapt/signs@1",
    options: {},
    // Nothing is told by the plugin's own events: ours have names that the server knows.
    observer(_, recorded) {
      const win = recorded as Win;
      const ends = [
        scripts.watch(win),
        edits.watch(win),
        watchHands(win, signs, attend),
        watchEffects(win, signs),
        watchCalls(win, signs),
      ];
      return () => ends.forEach((end) => end());
    },
  };
}
