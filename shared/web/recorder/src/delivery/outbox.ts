// Chunks that the server has not answered for, oldest first.
//
// They stand in the tab's storage from the moment they are cut, so that the next page sends what this one
// could not. A number that is missing would make the rest of a session unreadable. So nothing is ever dropped
// from the middle: when there is no more room, the recorder pauses, and goes on with a full snapshot once
// there is.

import type { eventWithTime } from "@rrweb/types";
import { type Storage, write } from "../storage";
import { fit } from "./fit";
import { fromText, toText } from "./pack";

/**
 * Characters of chunks at which recording pauses: some minutes of a lively page, or hours once they are
 * packed.
 */
export const FULL_AT = 4_000_000;
/** Characters that are stored at most, of the 5 million that a site has for all its purposes. */
const STORED_AT_MOST = 2_000_000;

export interface Chunk {
  session: string;
  seq: number;
  /** As it was cut, or packed by now. */
  body: string | Uint8Array<ArrayBuffer>;
  /** Whether the next page will find it. */
  isStored: boolean;
}

export class Outbox {
  private chunks: Chunk[] = [];
  private isStoring = true;

  /** The outbox under `prefix`, with what earlier pages left in it. */
  constructor(
    private readonly storage: Storage,
    private readonly prefix: string,
  ) {
    this.load();
  }

  /** Takes in what other pages of this tab have left in the storage. */
  load(): void {
    const known = new Set(this.chunks.map((chunk) => this.key(chunk)));
    const keys = this.storage.keys().filter((key) => !known.has(key));
    const found = keys.map((key) => this.parse(key, this.storage.getItem(key) ?? ""));
    const rank = ({ session, seq }: Chunk) => `${session}.${String(seq).padStart(6, "0")}`;
    this.chunks.push(...found.filter((chunk) => chunk !== undefined));
    this.chunks.sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
  }

  /** Leaves out what other pages of this tab have taken out of the storage: it was sent. */
  forgetSent(): void {
    const keys = new Set(this.storage.keys());
    this.chunks = this.chunks.filter((chunk) => !chunk.isStored || keys.has(this.key(chunk)));
  }

  get oldest(): Chunk | undefined {
    return this.chunks[0];
  }

  get all(): readonly Chunk[] {
    return this.chunks;
  }

  get isFull(): boolean {
    return size(this.chunks) >= FULL_AT;
  }

  /** Whether the storage took what was last put into it: what it does not take is lost with the page. */
  get stores(): boolean {
    return this.isStoring;
  }

  /** Whether the next page finds everything, also after the site has cleared the storage. */
  keepsAll(): boolean {
    for (const chunk of this.chunks) {
      chunk.isStored &&= this.storage.getItem(this.key(chunk)) !== null;
      if (!chunk.isStored) this.store(chunk);
    }
    return this.chunks.every(({ isStored }) => isStored);
  }

  add(session: string, seq: number, text: string): void {
    const chunk = { session, seq, body: text, isStored: false };
    this.chunks.push(chunk);
    this.store(chunk);
  }

  remove(chunk: Chunk): void {
    const at = this.chunks.indexOf(chunk);
    if (at >= 0) this.chunks.splice(at, 1);
    this.storage.removeItem(this.key(chunk));
  }

  /** Removes every chunk of a session: none of them is of use any more. */
  removeSession(session: string): void {
    for (const chunk of this.chunks.filter((chunk) => chunk.session === session)) this.remove(chunk);
  }

  /**
   * The bytes to send, and from now on to keep: the packed ones take an eighth of the room. `onLeftOut` is
   * told of events that were too large for that.
   */
  async packed(chunk: Chunk, onLeftOut: (events: eventWithTime[]) => void): Promise<Uint8Array<ArrayBuffer>> {
    if (typeof chunk.body !== "string") return chunk.body;
    const { body, leftOut } = await fit(chunk.body);
    chunk.body = body;
    if (leftOut.length > 0) onLeftOut(leftOut);
    return body;
  }

  /** Stores what is waiting in its packed form, where it was not stored or takes more room. */
  compact(chunk: Chunk): void {
    if (this.chunks.includes(chunk)) this.store(chunk);
  }

  private store(chunk: Chunk): void {
    const text = typeof chunk.body === "string" ? `j${chunk.body}` : `z${toText(chunk.body)}`;
    const others = this.chunks.filter((other) => other !== chunk && other.isStored);
    this.isStoring = size(others) + text.length <= STORED_AT_MOST && write(this.storage, this.key(chunk), text);
    chunk.isStored ||= this.isStoring;
  }

  private key({ session, seq }: Chunk): string {
    return `${this.prefix}${session}.${seq}`;
  }

  private parse(key: string, text: string): Chunk | undefined {
    if (!key.startsWith(this.prefix)) return undefined;
    const [session, seq] = key.slice(this.prefix.length).split(".");
    if (!session || !/^\d+$/.test(seq ?? "")) return undefined;
    try {
      const body = text[0] === "z" ? fromText(text.slice(1)) : text.slice(1);
      return { session, seq: Number(seq), body, isStored: true };
    } catch {
      this.storage.removeItem(key);
      return undefined;
    }
  }
}

function size(chunks: Chunk[]): number {
  return chunks.reduce((sum, { body }) => sum + (typeof body === "string" ? body.length : body.length * (4 / 3)), 0);
}
