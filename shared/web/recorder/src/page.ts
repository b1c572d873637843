// What the page tells beside its content: the visitor's browser, where a single-page site is, whether anybody
// looks.
//
// The server reads these events by the names of their fields (shared/replay/src/event/plugin.rs).

import { EventType } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";
import { url } from "./privacy/url";
import { Routes } from "./route";

/** The parts of the browser's globals that are used. */
export interface Globals {
  navigator: { userAgent: string; language: string };
  location: { href: string };
  timeZone(): string;
  /** Whether a fragment leads to a place on the page. */
  isPlace(fragment: string): boolean;
}

/** What this recorder tells beside what rrweb does. */
const RECORDS = ["console", "requests"];

export class PageEvents {
  private hasContext = false;
  private address = "";
  private told = "";
  private readonly routes: Routes;

  constructor(private readonly globals: Globals) {
    this.routes = new Routes(globals.isPlace);
  }

  /** A new session knows nothing yet. */
  tellAnew(): void {
    this.hasContext = false;
  }

  /**
   * What goes before an event. A route of a single-page site is seen by its address, which is compared
   * whenever something happens: `history` stays as it is. A Meta event, which begins every page, says itself
   * where it is: its address gets the route's number.
   */
  before(event: eventWithTime): eventWithTime[] {
    const { timestamp } = event;
    const events = [];
    if (!this.hasContext) {
      const { userAgent, language } = this.globals.navigator;
      const context = { userAgent, language, timezone: this.globals.timeZone(), records: RECORDS };
      this.hasContext = true;
      events.push(custom("recapt:context", context, timestamp));
    }
    const address = this.globals.location.href;
    const isMeta = event.type === EventType.Meta;
    if (address === this.address && !isMeta) return events;
    const payload = { href: url(address), route: this.routes.number(address) };
    const navigation = JSON.stringify(payload);
    if (isMeta && payload.route !== undefined) event.data.href += `#/${payload.route}`;
    if (!isMeta && this.address && navigation !== this.told) events.push(custom("recapt:navigation", payload, timestamp));
    this.address = address;
    this.told = navigation;
    return events;
  }
}

/** Nobody looks any more: the page is hidden. */
export function hidden(timestamp: number): eventWithTime {
  return custom("recapt:visibility", { state: "hidden" }, timestamp);
}

/** The page is being left, and may come back. */
export function left(timestamp: number): eventWithTime {
  return custom("recapt:visibility", { state: "hidden", left: true }, timestamp);
}

/** Somebody looks again. */
export function visible(timestamp: number): eventWithTime {
  return custom("recapt:visibility", { state: "visible" }, timestamp);
}

export function custom(tag: string, payload: object, timestamp: number): eventWithTime {
  return { type: EventType.Custom, data: { tag, payload }, timestamp };
}
