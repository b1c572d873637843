// A session: what one tab of a browser does on a site, from page to page.
//
// Each tab has its own, for a player plays one stream of events. It stands in the tab's storage. A tab that
// is duplicated, or opened by another one, begins with a copy of that storage: it tells by the mark that a
// page sets while it is open, and begins a session of its own. So does a page after a crash, which costs
// nothing but a cut.

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
  /** Whether a page is open that uses it. */
  isOpen: boolean;
}

function isStored(value: unknown): value is Stored {
  const stored = value as Stored | null;
  return typeof stored?.id === "string" && Number.isInteger(stored.seq) && Number.isFinite(stored.activeAt);
}

export class Session {
  private state: Stored;

  /** The tab's session, or a new one. */
  constructor(
    private readonly world: World,
    private readonly key: string,
    private readonly sample: number,
  ) {
    this.state = this.open();
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

  /** A number for a chunk. It is used up even if nothing is sent under it. */
  nextSeq(): number {
    const { seq } = this.state;
    this.state.seq += 1;
    this.save();
    return seq;
  }

  /** Whether this sign of the visitor comes too late for the session; if not, it prolongs it. */
  isOverAt(now: number): boolean {
    if (this.isOver(this.state)) return true;
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

  /** The page is shown again as it was left: goes on where later pages left the session. */
  reopen(): void {
    this.state = this.open();
    this.save();
  }

  /** The page is being left: the next one may go on. */
  close(): void {
    this.state.isOpen = false;
    this.save();
  }

  /** Nobody can go on with it: something of it is lost. */
  abandon(): void {
    this.world.storage.removeItem(this.key);
  }

  private open(): Stored {
    const found = read(this.world.storage, this.key, isStored);
    const goesOn = found && !found.isOpen && !this.isOver(found);
    return goesOn ? { ...found, isOpen: true, activeAt: this.world.now() } : this.begin();
  }

  private begin(): Stored {
    const now = this.world.now();
    const isRecorded = this.world.random() < this.sample;
    return { id: this.world.newId(), seq: 0, startedAt: now, activeAt: now, isRecorded, isOpen: true };
  }

  private isOver({ startedAt, activeAt }: Stored): boolean {
    const now = this.world.now();
    return now - activeAt > IDLE_MS || now - startedAt > LONGEST_MS;
  }

  private save(): void {
    write(this.world.storage, this.key, JSON.stringify(this.state));
  }
}
