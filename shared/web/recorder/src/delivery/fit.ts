// What fits into one request.

import { EventType } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";
import { pack } from "./pack";

/**
 * Most bytes of a request. Lambda hands an event of at most 6 MB to a function, 6,291,456 bytes; a packed
 * body stands in it as base64, four bytes for three. So these take 6,000,000, and leave 291,456 to headers
 * and address. What is larger Lambda refuses itself, in an answer that browsers let no script read.
 */
export const SENT_AT_MOST = 4_500_000;

/** A chunk's body as it can be sent, and what had to be left out for that. */
export interface Fitted {
  body: Uint8Array<ArrayBuffer>;
  leftOut: eventWithTime[];
}

/**
 * Packs a chunk's text. While it is too large, its largest event is left out: an event cannot be split, and a
 * chunk of several is too large because of one (see `Buffer.take`). In its place the recording says so.
 */
export async function fit(text: string): Promise<Fitted> {
  let body = await pack(text);
  const leftOut: eventWithTime[] = [];
  if (body.length <= SENT_AT_MOST) return { body, leftOut };
  const events = JSON.parse(text) as eventWithTime[];
  const sizes = events.map((event) => JSON.stringify(event).length);
  while (body.length > SENT_AT_MOST && leftOut.length < events.length) {
    const largest = sizes.indexOf(Math.max(...sizes));
    const event = events[largest]!;
    leftOut.push(event);
    events[largest] = instead(event.timestamp);
    sizes[largest] = 0;
    body = await pack(JSON.stringify(events));
  }
  return { body, leftOut };
}

/** Whether a page cannot be played from here on, until another full snapshot. */
export function hasSnapshot(events: eventWithTime[]): boolean {
  return events.some(({ type }) => type === EventType.FullSnapshot);
}

function instead(timestamp: number): eventWithTime {
  return { type: EventType.Custom, data: { tag: "recapt:left-out", payload: {} }, timestamp };
}
