// Clicks and inputs that a script made and nobody's hand: their events do not say so.

import { EventType, IncrementalSource, MouseInteractions } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";
import { custom } from "../page";
import { type Win, listen } from "./listen";

export class Scripts {
  private isTrusted = true;

  /** Hears a click before rrweb does. */
  watch(win: Win): () => void {
    return listen(win, ["click"], (event) => {
      this.isTrusted = event.isTrusted;
    });
  }

  /** What goes before an event of rrweb's, which comes while its click is heard. */
  before({ type, data, timestamp }: eventWithTime): eventWithTime[] {
    if (type !== EventType.IncrementalSnapshot) return [];
    const { source } = data;
    const isClick = source === IncrementalSource.MouseInteraction && data.type === MouseInteractions.Click && !this.isTrusted;
    const isInput = source === IncrementalSource.Input && data.userTriggered === false;
    return isClick || isInput ? [custom("recapt:script", { what: isClick ? "click" : "input" }, timestamp)] : [];
  }
}
