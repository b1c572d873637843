// How often something is told: a page may do it a thousand times a second, and all day.

/** So many at once, and one more whenever so much time has passed. */
export class Limit {
  private left: number;
  private since = -Infinity;

  constructor(
    private readonly most: number,
    private readonly everyMs: number,
    private readonly now: () => number,
  ) {
    this.left = most;
  }

  /** Whether there is one left, which is used up by that. */
  allows(): boolean {
    const now = this.now();
    const earned = Math.floor((now - this.since) / this.everyMs);
    if (this.left + earned >= this.most) {
      this.left = this.most;
      this.since = now;
    } else if (earned > 0) {
      this.left += earned;
      this.since += earned * this.everyMs;
    }
    if (this.left === 0) return false;
    this.left -= 1;
    return true;
  }
}
