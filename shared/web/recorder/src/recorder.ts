// The recorder: events in, chunks out.

import { EventType, IncrementalSource } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";
import { Buffer } from "./buffer";
import type { Capture } from "./capture";
import type { Delivery } from "./delivery/delivery";
import type { Outbox } from "./delivery/outbox";
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

/** What comes from the page. */
export interface Surroundings {
  now(): number;
  isHidden(): boolean;
  /** What the recorder adds to rrweb's events before this one. */
  before(event: eventWithTime): eventWithTime[];
}

export class Recorder {
  private readonly buffer = new Buffer();
  private capture?: Capture;
  private timer: unknown;
  /** When the visitor last did something. */
  private attendedAt: number;
  private snapshotAt = 0;
  /** Whether events were left out: a player has to start anew. */
  private hasGap = false;
  private isLeft = false;
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

  /** Takes events from now on: `start` gets the sink for them. */
  start(start: (emit: (event: eventWithTime) => void) => Capture): void {
    this.capture = start((event) => this.take(event));
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
    if (!this.isLeft) this.sendLast(last);
  }

  /** The page is left, for another one of this site that sends the rest, or for good. */
  leave(last: eventWithTime, nextPageSends: boolean): void {
    if (nextPageSends) this.store(last);
    else this.sendLast(last);
    this.isLeft = true;
    if (this.outbox.wouldLose(this.session.id)) this.session.abandon();
    else this.session.close();
  }

  /** The page is shown again as it was left; others may have been shown meanwhile. */
  comeBack(): void {
    this.isLeft = false;
    this.outbox.load();
    this.session.reopen();
    this.goOn();
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
    if (event.type === EventType.FullSnapshot) this.snapshotAt = event.timestamp;
    if (this.buffer.endsBefore(event)) this.cut();
    for (const each of this.surroundings.before(event)) this.buffer.add(each);
    this.buffer.add(event);
    if (this.buffer.isFull) this.cut();
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
    this.store();
    void this.delivery.send();
  }

  private sendLast(last: eventWithTime): void {
    this.store(last);
    this.delivery.sendLast();
    void this.delivery.send();
  }

  /** Makes a chunk of what there is, with `last` at its end. */
  private store(last?: eventWithTime): void {
    clearTimeout(this.timer as number);
    this.timer = undefined;
    if (this.buffer.isEmpty) return;
    if (last) this.buffer.add(last);
    for (const text of this.buffer.take()) this.outbox.add(this.session.id, this.session.nextSeq(), text);
  }
}
