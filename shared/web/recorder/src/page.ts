// What the page tells beside its content: the visitor's browser, where a single-page site is, whether anybody
// looks.
//
// The server reads these events by the names of their fields (shared/replay/src/event/plugin.rs).

import { EventType } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";
import { url } from "./privacy/url";

/** The parts of the browser's globals that are used. */
export interface Globals {
  navigator: { userAgent: string; language: string };
  location: { href: string };
  timeZone(): string;
}

export class PageEvents {
  private hasContext = false;
  private href = "";

  constructor(private readonly globals: Globals) {}

  /** A new session knows nothing yet. */
  tellAnew(): void {
    this.hasContext = false;
  }

  /**
   * What goes before an event. A route of a single-page site is seen by its address, which is compared
   * whenever something happens: `history` stays as it is.
   */
  before({ type, timestamp }: eventWithTime): eventWithTime[] {
    const events = [];
    if (!this.hasContext) {
      const { userAgent, language } = this.globals.navigator;
      this.hasContext = true;
      events.push(custom("recapt:context", { userAgent, language, timezone: this.globals.timeZone() }, timestamp));
    }
    const href = this.globals.location.href;
    if (href === this.href) return events;
    const [before, now] = [url(this.href), url(href)];
    this.href = href;
    // A Meta event, which begins every page, says it itself.
    if (now !== before && type !== EventType.Meta) events.push(custom("recapt:navigation", { href: now }, timestamp));
    return events;
  }
}

/** Nobody looks any more: the page is hidden, or left. */
export function hidden(timestamp: number): eventWithTime {
  return custom("recapt:visibility", { state: "hidden" }, timestamp);
}

function custom(tag: string, payload: object, timestamp: number): eventWithTime {
  return { type: EventType.Custom, data: { tag, payload }, timestamp };
}
