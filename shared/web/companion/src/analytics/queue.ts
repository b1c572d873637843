// Events that wait to be sent, in the browser's storage: one key an event, so that tabs never write over
// what another has written.
//
// An event is a page's until it is due: `{due} {page} {event}`. A page that is left hands its events
// over, and one that crashes lets them fall due. Whoever finds such an event writes its own name upon it
// and looks again a moment later: of two that do so at once, one finds its name.

import { type Storage, write } from "../../../recorder/src/storage";

/** Events that wait at most, stored or not. */
export const MOST = 1_000;
/**
 * Characters of a page's events that are stored at most: browsers give a site some five million in all.
 */
export const MOST_STORED = 1_000_000;
/** An event is its page's for so long, ms, and again with every attempt to send it. */
export const OWN_MS = 60_000;
/** Other tabs see what one has stored within as long, ms. */
export const CLAIM_MS = 300;

export interface Waiting {
  id: string;
  text: string;
}

interface Entry {
  text: string;
  /** When it is anybody's, ms since 1970. What is not stored never is. */
  due: number;
}

export class Queue {
  private readonly own = new Map<string, Entry>();
  /** Characters of what waits. */
  private size = 0;

  constructor(
    private readonly storage: Storage,
    private readonly prefix: string,
    private readonly page: string,
    private readonly now: () => number,
  ) {}

  get isEmpty(): boolean {
    return this.own.size === 0;
  }

  /** Whether there was room. */
  add(id: string, text: string): boolean {
    if (this.own.size >= MOST) return false;
    this.size += text.length;
    const isStored = this.size <= MOST_STORED && this.store(id, text, this.now() + OWN_MS);
    this.own.set(id, { text, due: isStored ? this.now() + OWN_MS : Infinity });
    return true;
  }

  /** The first that wait: so many at most, so many characters at most, one at least. */
  first(most: number, mostSize: number, skip: ReadonlySet<string> = new Set()): Waiting[] {
    const taken: Waiting[] = [];
    let size = 0;
    for (const [id, { text }] of this.own) {
      if (skip.has(id)) continue;
      size += text.length;
      if (taken.length >= most || (taken.length > 0 && size > mostSize)) break;
      taken.push({ id, text });
    }
    return taken;
  }

  /** They are somebody else's when this time has come, ms since 1970; 0: at once. */
  until(waiting: Iterable<Waiting>, due: number): void {
    for (const { id, text } of waiting) {
      const entry = this.own.get(id);
      if (entry && entry.due !== Infinity && this.store(id, text, due)) entry.due = due;
    }
  }

  remove(waiting: Iterable<Waiting>): void {
    for (const { id } of waiting) {
      this.drop(id);
      this.storage.removeItem(this.prefix + id);
    }
  }

  /** All that wait, but for these. */
  rest(skip: ReadonlySet<string>): Waiting[] {
    return [...this.own].flatMap(([id, { text }]) => (skip.has(id) ? [] : [{ id, text }]));
  }

  /** Writes this page's name upon what is due; gives the ids. */
  claim(): string[] {
    const claimed: string[] = [];
    for (const key of this.storage.keys()) {
      const id = key.slice(this.prefix.length);
      if (!key.startsWith(this.prefix) || this.own.has(id) || this.own.size + claimed.length >= MOST) continue;
      const found = this.found(id);
      if (!found) this.storage.removeItem(key);
      else if (found.due <= this.now()) {
        this.store(id, found.text, this.now() + OWN_MS);
        claimed.push(id);
      }
    }
    return claimed;
  }

  /** Takes what it has claimed, as far as nobody came later. */
  adopt(claimed: string[]): void {
    for (const id of claimed) {
      const found = this.found(id);
      if (found?.page !== this.page) continue;
      this.size += found.text.length;
      this.own.set(id, found);
    }
  }

  /**
   * A page that was away forgets what others have taken. What is gone was sent if anybody might take it;
   * else the site has cleared its storage.
   */
  reread(): void {
    for (const [id, { due }] of [...this.own]) {
      const found = this.found(id);
      if (found ? found.page !== this.page : due <= this.now()) this.drop(id);
    }
  }

  private found(id: string): { due: number; page: string; text: string } | undefined {
    const [, due, page, text] = /^(\d+) (\w+) (\{.*\})$/s.exec(this.storage.getItem(this.prefix + id) ?? "") ?? [];
    return text === undefined ? undefined : { due: Number(due), page: page ?? "", text };
  }

  private store(id: string, text: string, due: number): boolean {
    return write(this.storage, this.prefix + id, `${due} ${this.page} ${text}`);
  }

  private drop(id: string): void {
    this.size -= this.own.get(id)?.text.length ?? 0;
    this.own.delete(id);
  }
}
