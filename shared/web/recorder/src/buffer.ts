// Events on their way into a chunk.

import { EventType } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";

/** A chunk is cut when its text has so many characters. */
export const FULL_AT = 500_000;
/** The same where nothing is stored, and what there is goes with the page. */
export const LAST_FULL_AT = 30_000;
/**
 * Characters of several events that fit into one request in any case: of three bytes each, and not packed.
 */
const TOGETHER_AT_MOST = 1_400_000;
/** What a huge event may have before it in its chunk, in characters. */
const LITTLE = 20_000;

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

  /** Whether it is about as much as a request takes that outlives its page. */
  get isLastFull(): boolean {
    return this.characters >= LAST_FULL_AT;
  }

  /**
   * Whether a chunk ends here: a full snapshot begins with a Meta event, and a player begins with a chunk.
   */
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

  /**
   * The texts of chunks of everything so far; the buffer is empty afterwards. One as a rule: a huge event has
   * another for itself, with the little before it, such as the Meta event that a snapshot begins with.
   */
  take(): string[] {
    const chunks: string[][] = [];
    // The first chunk begins as others do: with what does not fit before it.
    let characters = Infinity;
    for (const text of this.texts) {
      if (characters > LITTLE && characters + text.length > TOGETHER_AT_MOST) {
        chunks.push([]);
        characters = 0;
      }
      chunks.at(-1)?.push(text);
      characters += text.length;
    }
    this.texts = [];
    this.characters = 0;
    this.hasPage = false;
    return chunks.map((texts) => `[${texts.join(",")}]`);
  }
}
