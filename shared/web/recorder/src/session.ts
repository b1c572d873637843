// A session: what one tab of a browser does on a site, from page to page.
//
// Each tab has its own, for a player plays one stream of events. It stands in the tab's storage. A tab that
// is duplicated, or opened by another one, begins with a copy of that storage: it tells by the mark that a
// page sets while it is shown, and begins a session of its own. So does a page after a crash, which costs
// nothing but a cut.
//
// The mark is late where browsers write storage from several processes: a page can be shown before it is seen
// that the one before it was left. So whoever finds the mark waits a little.

import type { Handover } from "./handover";
import { type Storage, read, write } from "./storage";

const MINUTE = 60_000;
/**
 * Without a sign of the visitor for so long, the session is over: 30 minutes, as everywhere in the industry.
 */
export const IDLE_MS = 30 * MINUTE;
/** The longest session. */
export const LONGEST_MS = 24 * 60 * MINUTE;

/** What comes from outside. */
export interface World {
  storage: Storage;
  /** Takes what the storage does not. */
  handover: Pick<Handover, "give" | "take">;
  /** Whether the page fills its tab. Several frames may be shown at once, over one storage. */
  isTop: boolean;
  now(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** An id that nobody else has. */
  newId(): string;
}

interface Stored {
  id: string;
  /** The number of the next chunk. */
  seq: number;
  startedAt: number;
  activeAt: number;
  isRecorded: boolean;
  /** Whether a page is shown that uses it. */
  isOpen: boolean;
}

const POLL_MS = 50;

function isStored(value: unknown): value is Stored {
  const stored = value as Stored | null;
  return typeof stored?.id === "string" && Number.isInteger(stored.seq) && Number.isFinite(stored.activeAt);
}

export class Session {
  private state: Stored;

  /**
   * Waits, `most` milliseconds at most, until the page that the tab showed before has left its session; at
   * least for `least`.
   */
  static async settled(world: World, key: string, least: number, most: number): Promise<void> {
    const isOpen = () => read(world.storage, key, isStored)?.isOpen ?? false;
    for (let waited = 0; waited < least || (waited < most && isOpen()); waited += POLL_MS) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** The tab's session, or a new one. */
  constructor(
    private readonly world: World,
    private readonly key: string,
    private readonly sample: number,
  ) {
    const found = this.find();
    this.state = found && !found.isOpen && !this.hasEnded(found) ? this.goOn(found) : this.begin();
    this.save();
  }

  get id(): string {
    return this.state.id;
  }

  /** Whether the draw fell on this session, and nobody stopped it. */
  get isRecorded(): boolean {
    return this.state.isRecorded;
  }

  /** Whether no chunk has been cut yet. */
  get isNew(): boolean {
    return this.state.seq === 0;
  }

  /** Whether nobody has given a sign for too long, or it is too old. */
  get isOver(): boolean {
    return this.hasEnded(this.state);
  }

  /** Whether it stands in the tab's storage. */
  get isKept(): boolean {
    return read(this.world.storage, this.key, isStored) !== undefined;
  }

  /** A number for a chunk. It is used up even if nothing is sent under it. */
  nextSeq(): number {
    const { seq } = this.state;
    this.state.seq += 1;
    this.save();
    return seq;
  }

  /** Whether this sign of the visitor comes too late for the session; if not, it prolongs it. */
  isOverAt(now: number): boolean {
    if (this.isOver) return true;
    this.state.activeAt = now;
    return false;
  }

  /** A new session in the place of this one. */
  renew(): void {
    this.state = this.begin();
    this.save();
  }

  /** Records nothing more of this session, on no page. */
  stop(): void {
    this.state.isRecorded = false;
    this.save();
  }

  /**
   * The page is shown again: goes on where pages of this tab that were shown meanwhile left the session.
   * Their mark does not matter: of one tab's pages one is shown at a time. A frame keeps its own.
   */
  reopen(): void {
    const found = (this.world.isTop ? this.find(this.state.id) : undefined) ?? this.state;
    const seq = found.id === this.state.id ? Math.max(found.seq, this.state.seq) : found.seq;
    this.state = this.hasEnded(found) ? this.begin() : this.goOn({ ...found, seq });
    this.save();
  }

  /**
   * The page is hidden, or left: the next one may go on. `isUnsure`: whether it may see another state of the
   * storage.
   */
  close(isUnsure = false): void {
    this.state.isOpen = false;
    if (!this.save() || isUnsure) this.world.handover.give(JSON.stringify(this.state));
  }

  /** Nobody can go on with it. */
  abandon(): void {
    this.world.storage.removeItem(this.key);
  }

  /**
   * What the page before has left, with the higher of the numbers where it was left in two ways. A page
   * that has a session, `own`, leaves alone what another tab hands over.
   */
  private find(own?: string): Stored | undefined {
    const { handover, storage } = this.world;
    const text = handover.take() ?? null;
    const handed = read({ getItem: () => text }, this.key, isStored);
    const stored = read(storage, this.key, isStored);
    if (handed && own !== undefined && handed.id !== own) {
      handover.give(JSON.stringify(handed));
      return stored;
    }
    if (!handed || (stored && stored.id !== handed.id)) return stored;
    return { ...handed, seq: Math.max(handed.seq, stored?.seq ?? 0) };
  }

  private goOn(found: Stored): Stored {
    return { ...found, isOpen: true, activeAt: this.world.now() };
  }

  private begin(): Stored {
    const now = this.world.now();
    const isRecorded = this.world.random() < this.sample;
    return { id: this.world.newId(), seq: 0, startedAt: now, activeAt: now, isRecorded, isOpen: true };
  }

  private hasEnded({ startedAt, activeAt }: Stored): boolean {
    const now = this.world.now();
    return now - activeAt > IDLE_MS || now - startedAt > LONGEST_MS;
  }

  /** Whether the storage takes it. What it holds of before would mislead. */
  private save(): boolean {
    const { storage } = this.world;
    const isTaken = write(storage, this.key, JSON.stringify(this.state));
    if (!isTaken) storage.removeItem(this.key);
    return isTaken;
  }
}
