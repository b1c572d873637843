// Sends what is in the outbox, oldest first and one at a time, until the server has answered for all of it.

import type { eventWithTime } from "@rrweb/types";
import { Backoff } from "./backoff";
import { SENT_AT_MOST, hasSnapshot } from "./fit";
import type { Chunk, Outbox } from "./outbox";
import type { Answer, Server } from "./server";

/** What the recorder does about an answer that ends a session. */
export interface Listener {
  /** Of this session nothing more can be stored. */
  sessionLost(session: string): void;
  /** Nothing at all will be stored. */
  refused(): void;
  /** Events of this session were too large to be sent, a full snapshot among them or not. */
  leftOut(session: string, isSnapshot: boolean): void;
}

export class Delivery {
  private readonly backoff: Backoff;
  private isSending = false;
  private readonly inFlight = new Map<Chunk, { answered: Promise<Answer>; outlivesPage: boolean }>();
  private endPause = () => {};

  constructor(
    private readonly outbox: Outbox,
    private readonly server: Server,
    private readonly listener: Listener,
    random: () => number,
  ) {
    this.backoff = new Backoff(random);
  }

  /** Sends until nothing is left; does nothing while it does so already. */
  async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    for (let chunk = this.outbox.oldest; chunk; chunk = this.outbox.oldest) {
      const packed = await this.outbox.packed(chunk, (events) => this.leaveOut(chunk, events));
      if (chunk !== this.outbox.oldest) continue;
      const answer = await (this.inFlight.get(chunk)?.answered ?? this.post(chunk, packed));
      if (answer !== "later") continue;
      this.outbox.compact(chunk);
      await this.pause(this.backoff.next(this.server.wait));
    }
    this.isSending = false;
  }

  /** The network is back: no need to wait for the next try. */
  retryNow(): void {
    this.endPause();
  }

  /**
   * The page may end at any moment: hands the browser what it takes of requests that outlive a page. Whether
   * nothing is lost by that: what is neither handed over nor stored is.
   */
  sendLast(): boolean {
    let hasRoom = true;
    for (const chunk of this.outbox.all) {
      if (this.inFlight.has(chunk)) continue;
      hasRoom &&= this.server.canOutlivePage(chunk.body);
      if (hasRoom) void this.post(chunk, chunk.body);
    }
    return this.outbox.all.every((chunk) => chunk.isStored || this.inFlight.get(chunk)?.outlivesPage);
  }

  private post(chunk: Chunk, body: Chunk["body"]): Promise<Answer> {
    const outlivesPage = this.server.canOutlivePage(body);
    const answered = this.server.chunk(chunk.session, chunk.seq, body).then((answer) => {
      this.inFlight.delete(chunk);
      this.settle(chunk, answer);
      return answer;
    });
    this.inFlight.set(chunk, { answered, outlivesPage });
    return answered;
  }

  private leaveOut({ session }: Chunk, events: eventWithTime[]): void {
    const isSnapshot = hasSnapshot(events);
    const rest = isSnapshot ? "The rest of this page is not recorded" : "The recording has a gap";
    console.warn(`Recapt: something on this page is too large to be sent, over ${SENT_AT_MOST} bytes packed. ${rest}.`);
    this.listener.leftOut(session, isSnapshot);
  }

  private settle(chunk: Chunk, answer: Answer): void {
    if (answer === "later") return;
    this.backoff.reset();
    if (answer === "taken") return this.outbox.remove(chunk);
    this.outbox.removeSession(chunk.session);
    if (answer === "never") this.listener.refused();
    else this.listener.sessionLost(chunk.session);
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
