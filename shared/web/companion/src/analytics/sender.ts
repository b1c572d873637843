// Sends what waits, in batches, one after the other.

import { Backoff } from "../../../recorder/src/delivery/backoff";
import { type Answer, answer, wait } from "../../../recorder/src/delivery/server";
import { OWN_MS, type Queue, type Waiting } from "./queue";

/** Events of a batch at most. */
export const MOST_EVENTS = 100;
/**
 * Characters of a batch. Browsers let 64 kB in all outlive their page, and the recorder has its part of
 * it; a larger event goes alone.
 */
export const MOST_SIZE = 24_000;
/** What a page says at once goes in one request, ms. */
export const GATHERED_MS = 300;
/** A request that was not answered by then is tried again, ms. */
const TIMEOUT_MS = 30_000;

/** What comes from outside. */
export interface World {
  endpoint: string;
  writeKey: string;
  fetch: typeof window.fetch;
  now(): number;
  random(): number;
}

export class Sender {
  private timer: unknown;
  private isSending = false;
  private readonly inFlight = new Set<string>();
  private readonly backoff: Backoff;
  /** Whether the last request came to nothing: one that is to outlive its page may find no room. */
  private hasFailed = false;

  constructor(
    private readonly queue: Queue,
    private readonly world: World,
  ) {
    this.backoff = new Backoff(world.random);
  }

  soon(after = GATHERED_MS): void {
    this.timer ??= setTimeout(() => void this.send(), after);
  }

  /** The browser is online again. */
  retryNow(): void {
    this.backoff.reset();
    void this.send();
  }

  async send(): Promise<void> {
    clearTimeout(this.timer as number);
    this.timer = undefined;
    if (this.isSending) return;
    this.isSending = true;
    this.queue.reread();
    let batch: Waiting[];
    let pause: number | undefined;
    while (pause === undefined && (batch = this.queue.first(MOST_EVENTS, MOST_SIZE, this.inFlight)).length > 0) {
      const [said, asked] = await this.post(batch, !this.hasFailed);
      this.hasFailed = said === "later";
      if (this.hasFailed) pause = this.backoff.next(asked);
      else this.backoff.reset();
      this.queue.until(said === "later" ? batch : [], this.world.now() + (pause ?? 0) + OWN_MS);
    }
    this.isSending = false;
    if (pause !== undefined) this.soon(pause);
  }

  /** The page is left, or hidden: sends what waits, as far as it may outlive the page. */
  sendLast(): void {
    const batch = this.queue.first(MOST_EVENTS, MOST_SIZE, this.inFlight);
    if (batch.length > 0) void this.post(batch, true);
  }

  /**
   * What nobody is sending now is whoever's comes next; what is on its way stays this page's for a
   * while.
   */
  handOver(): void {
    this.queue.until(this.queue.rest(this.inFlight), 0);
  }

  /** Never rejects; says how long the server asks to wait, ms. What is settled waits no more. */
  private async post(batch: Waiting[], keepalive: boolean): Promise<[Answer, number]> {
    for (const { id } of batch) this.inFlight.add(id);
    this.queue.until(batch, this.world.now() + TIMEOUT_MS + OWN_MS);
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    let [said, asked]: [Answer, number] = ["later", 0];
    try {
      const response = await this.request(batch, keepalive && size(batch) <= MOST_SIZE, abort.signal);
      said = answer(response.status);
      asked = wait(response.headers.get("Retry-After"));
      // A sentence for whoever sets this up: which key, which event.
      if (said !== "taken" && said !== "later") console.warn("Recapt:", await response.text().catch(() => response.status));
    } catch {
      // Nobody was there.
    }
    clearTimeout(timer);
    for (const { id } of batch) this.inFlight.delete(id);
    if (said !== "later") this.queue.remove(batch);
    return [said, asked];
  }

  /**
   * A simple request in the sense of CORS, with the key in address and body: no preflight doubles it.
   */
  private request(batch: Waiting[], keepalive: boolean, signal: AbortSignal): Promise<Response> {
    const { endpoint, writeKey, now, fetch } = this.world;
    const texts = batch.map(({ text }) => text).join();
    const body = `{"batch":[${texts}],"sentAt":"${new Date(now()).toISOString()}","writeKey":${JSON.stringify(writeKey)}}`;
    const url = `${endpoint}/v1/batch?writeKey=${encodeURIComponent(writeKey)}`;
    return fetch(url, { method: "POST", body, keepalive, credentials: "omit", referrerPolicy: "no-referrer", signal });
  }
}

const size = (batch: Waiting[]) => batch.reduce((sum, { text }) => sum + text.length, 0);
