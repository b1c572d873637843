// Events on their way into a chunk.

import { EventType } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";

/** A chunk is cut when its text has so many characters. */
export const FULL_AT = 500_000;

export class Buffer {
  private texts: string[] = [];
  private characters = 0;
  private latest = 0;
  private hasPage = false;

  get isEmpty(): boolean {
    return this.texts.length === 0;
  }

  get isFull(): boolean {
    return this.characters >= FULL_AT;
  }

  /** Whether a chunk ends here: a full snapshot begins with a Meta event, and a player begins with a chunk. */
  endsBefore(event: eventWithTime): boolean {
    return event.type === EventType.Meta && this.hasPage;
  }

  /** Adds an event. It is written down at once: what happens to the object later is not recorded. */
  add(event: eventWithTime): void {
    // Clocks are set back; a player goes by the order.
    this.latest = event.timestamp = Math.max(event.timestamp, this.latest);
    const text = JSON.stringify(event);
    this.texts.push(text);
    this.characters += text.length + 1;
    this.hasPage ||= event.type === EventType.FullSnapshot || event.type === EventType.IncrementalSnapshot;
  }

  /** The text of a chunk of everything so far; the buffer is empty afterwards. */
  take(): string {
    const chunk = `[${this.texts.join(",")}]`;
    this.texts = [];
    this.characters = 0;
    this.hasPage = false;
    return chunk;
  }
}
