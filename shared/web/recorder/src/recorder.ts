// The recorder: events in, chunks out.

import { EventType, IncrementalSource } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";
import { Buffer } from "./buffer";
import type { Capture, Sink } from "./capture";
import type { Delivery } from "./delivery/delivery";
import type { Outbox } from "./delivery/outbox";
import type { Next } from "./leaving";
import type { Session } from "./session";

/** The first chunk of a session makes it appear while the visitor is still looking at the first page. */
export const FIRST_AFTER_MS = 2_000;
/** Every chunk is paid for: six a minute. */
export const THEN_EVERY_MS = 10_000;
/**
 * Without a hand on mouse, keys or screen for so long, nobody is looking: what moves by itself is not
 * recorded.
 */
export const UNATTENDED_MS = 5 * 60_000;
/**
 * A full snapshot after so long: a player that jumps replays all since the last one, which takes a second or
 * two for some minutes of a lively page; and a snapshot is the largest thing that is sent.
 */
export const SNAPSHOT_EVERY_MS = 4 * 60_000;

/** Browsers say of one page that it is hidden and that it is left, in either order, within as long. */
const HIDING_MS = 1_000;

/** What a page tells that has come back begins after so long. */
export const BACK_MS = 100;

/** What comes from the page. */
export interface Surroundings {
  now(): number;
  isHidden(): boolean;
  /** What the recorder adds to rrweb's events before this one. */
  before(event: eventWithTime): eventWithTime[];
}

export class Recorder {
  private readonly buffer = new Buffer();
  private readonly sink: Sink = { emit: (event) => this.take(event), attend: () => this.attend() };
  private begin?: (sink: Sink) => Capture;
  private capture?: Capture;
  private timer: unknown;
  /** When the visitor last did something. */
  private attendedAt: number;
  private snapshotAt = 0;
  /** Whether events were left out: a player has to start anew. */
  private hasGap = false;
  private isLeft = false;
  /** Whether it was left once: from then on others may not see what it stores. */
  private hasComeBack = false;
  /** Whether it is not known yet where the session stands. */
  private isSettling = false;
  /** Whether it was looked for what other pages have left, once they had the time. */
  private hasLooked = false;
  private hiddenAt?: number;
  private isTooLarge = false;

  constructor(
    private readonly session: Session,
    private readonly outbox: Outbox,
    private readonly delivery: Delivery,
    private readonly surroundings: Surroundings,
    private readonly onSession: () => void,
  ) {
    this.attendedAt = surroundings.now();
  }

  /** Takes events from now on: `begin` gets the sink for them. */
  start(begin: (sink: Sink) => Capture): void {
    this.begin = begin;
    this.capture = begin(this.sink);
  }

  /** A sign of the visitor. One that comes too late begins a new session. */
  attend(): void {
    this.attendedAt = this.surroundings.now();
    if (this.session.isRecorded && this.session.isOverAt(this.attendedAt)) this.renew();
  }

  /** Ends the session and begins another one. */
  renew(): void {
    this.cut();
    this.session.renew();
    this.goOn();
  }

  /** The page is hidden, and may not come back: sends what there is, with `last` at its end. */
  hide(last: eventWithTime): void {
    if (this.isLeft) return;
    this.settle();
    this.end(last);
    this.sendLast();
    this.hiddenAt = this.surroundings.now();
    this.session.close();
  }

  /** Somebody looks again, which `event` says. */
  show(event: eventWithTime): void {
    if (this.isLeft) return;
    this.hiddenAt = undefined;
    this.attendedAt = this.surroundings.now();
    if (this.takesUpAnother()) this.goOn();
    this.take(event);
  }

  /** The page is left, for a next one that may send the rest, or for good. */
  leave(last: eventWithTime, next: Next): void {
    this.settle();
    // A page that was hidden long ago ended then.
    const isHidden = this.hiddenAt !== undefined && last.timestamp - this.hiddenAt > HIDING_MS;
    this.end(isHidden ? undefined : last);
    const isSeen = next === "this site" && !this.hasComeBack;
    const isKept = (isSeen && this.outbox.keepsAll()) || this.sendLast();
    this.isLeft = true;
    // Nobody can go on with a session of which something is lost: the rest would wait for it.
    if (isKept) this.session.close(!isSeen && next !== "elsewhere");
    else this.session.abandon();
  }

  /**
   * The page is shown again as it was left. By `settled` others that were shown meanwhile have stored what
   * they had: until then nothing gets a number.
   */
  comeBack(settled: Promise<void>): void {
    this.isLeft = false;
    this.hasComeBack = true;
    this.hiddenAt = undefined;
    this.attendedAt = this.surroundings.now();
    this.isSettling = true;
    this.hasGap = true;
    // The page that was left may say so a little later than this one is shown.
    setTimeout(() => this.hasGap && this.capture?.snapshot(), BACK_MS);
    void settled.then(() => this.settle());
  }

  /** The address may have changed, of which rrweb does not tell. */
  look(): void {
    const timestamp = this.surroundings.now();
    if (this.snapshotAt === 0 || this.isPaused(timestamp)) return;
    const events = this.surroundings.before({ type: EventType.Custom, data: { tag: "", payload: {} }, timestamp });
    for (const event of events) this.buffer.add(event);
    if (events.length > 0) this.schedule();
  }

  /** The page has replaced its document, and nothing is heard of it any more. */
  restart(): void {
    this.capture?.stop();
    if (this.session.isRecorded) this.capture = this.begin?.(this.sink);
  }

  /**
   * Something was too large to be sent. Another snapshot of such a page would be so too; else one mends it.
   */
  leaveOut(isSnapshot: boolean): void {
    this.hasGap = true;
    this.isTooLarge ||= isSnapshot;
  }

  stop(): void {
    this.cut();
    this.session.stop();
    this.capture?.stop();
  }

  /** Takes up the session where the tab has it by now. */
  private settle(): void {
    if (!this.isSettling) return;
    this.isSettling = false;
    this.hasLooked = false;
    // A storage that the site has cleared tells nothing of what was sent.
    if (this.session.isKept) this.outbox.forgetSent();
    if (this.takesUpAnother()) this.onSession();
    this.cut();
  }

  /** Whether the tab has another session by now, or this one was over. */
  private takesUpAnother(): boolean {
    const { id } = this.session;
    this.session.reopen();
    return this.session.id !== id;
  }

  private goOn(): void {
    this.onSession();
    this.hasGap = true;
  }

  private take(event: eventWithTime): void {
    if (this.isPaused(event.timestamp)) {
      this.hasGap = true;
      return;
    }
    const isSnapshot = event.type === EventType.Meta || event.type === EventType.FullSnapshot;
    if (!isSnapshot && this.wantsSnapshot(event)) {
      this.hasGap = false;
      this.capture?.snapshot();
      // It shows what this event changed.
      if (event.type === EventType.IncrementalSnapshot && event.data.source === IncrementalSource.Mutation) return;
    }
    if (event.type === EventType.FullSnapshot) {
      this.snapshotAt = event.timestamp;
      this.hasGap = false;
    }
    if (this.buffer.endsBefore(event)) this.cut();
    for (const each of this.surroundings.before(event)) this.buffer.add(each);
    this.buffer.add(event);
    if (this.buffer.isFull || (this.buffer.isLastFull && !this.outbox.stores)) this.cut();
    else this.schedule();
  }

  private isPaused(now: number): boolean {
    const isUnattended = now - this.attendedAt > UNATTENDED_MS;
    return this.isLeft || this.isTooLarge || isUnattended || !this.session.isRecorded || this.surroundings.isHidden() || this.outbox.isFull;
  }

  private wantsSnapshot(event: eventWithTime): boolean {
    return this.snapshotAt > 0 && (this.hasGap || event.timestamp - this.snapshotAt > SNAPSHOT_EVERY_MS);
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => this.cut(), this.session.isNew ? FIRST_AFTER_MS : THEN_EVERY_MS);
  }

  private cut(): void {
    if (this.isSettling) return;
    // What the page before has left may be seen a little late.
    if (!this.hasLooked) this.outbox.load();
    this.hasLooked = true;
    this.store();
    void this.delivery.send();
  }

  private sendLast(): boolean {
    const isKept = this.delivery.sendLast();
    void this.delivery.send();
    return isKept;
  }

  /** Ends what this page has to tell for now. The visit lasted until then, even when nothing happened. */
  private end(last?: eventWithTime): void {
    const isTold = this.snapshotAt > 0 && this.session.isRecorded && !this.session.isOver && !this.isLeft;
    if (last && isTold) this.buffer.add(last);
    this.store();
  }

  /** Makes a chunk of what there is. */
  private store(): void {
    clearTimeout(this.timer as number);
    this.timer = undefined;
    for (const text of this.buffer.take()) this.outbox.add(this.session.id, this.session.nextSeq(), text);
  }
}
