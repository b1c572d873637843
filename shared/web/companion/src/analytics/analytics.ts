// From calls to events that wait, and from there to the server.

import { now } from "../../../recorder/src/clock";
import { newId } from "../../../recorder/src/identity/ids";
import type { Next } from "../../../recorder/src/leaving";
import type { Storage } from "../../../recorder/src/storage";
import type { Call } from "../call";
import type { Person } from "../person";
import type { Handed } from "../settings";
import { event } from "./event";
import { context } from "./page";
import { CLAIM_MS, Queue } from "./queue";
import { Sender } from "./sender";

/**
 * The largest event, characters: what the server refuses shows there, and what no request takes does
 * not.
 */
const LARGEST = 1_000_000;
/**
 * Where browsers write storage from several processes, a page may see late what the one before has left,
 * ms.
 */
const LATE_MS = 2_000;
/** How often is looked for what a page has left that was not answered, ms. */
const LOOK_EVERY_MS = 60_000;

export class Analytics {
  private readonly queue: Queue;
  private readonly sender: Sender;
  private hasWarned = false;
  /**
   * What the page is left for, once it is. Browsers say after that too that it is hidden, and pages say
   * more.
   */
  private leftFor?: Next;

  constructor(handed: Handed, private readonly person: Person, private readonly visitor: () => string | undefined, storage: Storage, prefix: string) {
    const { endpoint, writeKey, fetch } = handed;
    this.queue = new Queue(storage, prefix, newId(), now);
    this.sender = new Sender(this.queue, { endpoint, writeKey, fetch, now, random: () => Math.random() });
    this.adopt();
    setTimeout(() => this.adopt(), LATE_MS);
    setInterval(() => this.adopt(), LOOK_EVERY_MS);
  }

  /** A call that was made at this time, ms since 1970. */
  take(call: Call, at: number): void {
    const { names, signature } = this.person;
    const messageId = newId();
    const told = event(call, { names, signature, anonymousId: this.visitor(), context: context(), messageId, at });
    if (!told) return;
    const text = JSON.stringify(told);
    if (text.length > LARGEST || !this.queue.add(messageId, text)) return this.warn(call.type);
    if (this.leftFor) return this.leave(this.leftFor);
    if (document.visibilityState === "hidden") void this.sender.send();
    else this.sender.soon();
  }

  /** The page is hidden, and may not come back. */
  hide(): void {
    if (this.leftFor) return;
    void this.sender.send();
    this.sender.sendLast();
  }

  /** The page is left: for another page of this site, which sends the rest, or for good. */
  leave(next: Next): void {
    this.leftFor = next;
    if (next !== "this site") this.sender.sendLast();
    this.sender.handOver();
  }

  /** The page is shown again as it was left. */
  comeBack(): void {
    this.leftFor = undefined;
    this.queue.reread();
    this.adopt();
    this.sender.retryNow();
  }

  retryNow(): void {
    this.adopt();
    this.sender.retryNow();
  }

  /** Takes up what pages before this one have left. */
  private adopt(): void {
    const claimed = this.queue.claim();
    if (claimed.length === 0) return;
    setTimeout(() => {
      this.queue.adopt(claimed);
      void this.sender.send();
    }, CLAIM_MS);
  }

  private warn(type: string): void {
    if (!this.hasWarned) console.warn(`Recapt: a call of ${type} was not sent: it is too large, or too many wait already.`);
    this.hasWarned = true;
  }
}
