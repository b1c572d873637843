// Intercom takes so many updates of a page: those above are merged, and told when there is room.

import type { Attributes } from "./attributes";

/** developers.intercom.com/installing-intercom/web/methods: 20 in 30 minutes for each page load. */
export const MOST = 20;
export const WITHIN_MS = 30 * 60_000;
/** What a page says at once goes in one, ms. */
export const GATHERED_MS = 100;

export class Updates {
  private readonly times: number[] = [];
  private waiting?: Attributes;
  private timer: unknown;

  constructor(
    private readonly update: (attributes: Attributes) => void,
    private readonly now: () => number,
  ) {}

  add(attributes: Attributes): void {
    this.waiting = { ...this.waiting, ...attributes };
    this.timer ??= setTimeout(() => this.tell(), Math.max(GATHERED_MS, this.wait()));
  }

  /** What waits concerns nobody any more. */
  drop(): void {
    clearTimeout(this.timer as number);
    this.timer = this.waiting = undefined;
  }

  private tell(): void {
    this.timer = undefined;
    const wait = this.wait();
    if (wait > 0) return void (this.timer = setTimeout(() => this.tell(), wait));
    const attributes = this.waiting ?? {};
    this.waiting = undefined;
    this.times.push(this.now());
    this.update(attributes);
  }

  /** Milliseconds until there is room. */
  private wait(): number {
    while (this.times[0] !== undefined && this.times[0] <= this.now() - WITHIN_MS) this.times.shift();
    const [first] = this.times;
    return this.times.length < MOST || first === undefined ? 0 : first + WITHIN_MS - this.now();
  }
}
