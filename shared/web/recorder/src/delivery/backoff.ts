// How long to wait before a request is tried again.

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * Doubles with every failure, and is no shorter than the server asks for. Some of it is chance, so that
 * visitors do not come back all at once.
 */
export class Backoff {
  private failures = 0;

  constructor(private readonly random: () => number) {}

  next(atLeast = 0): number {
    const whole = Math.min(FIRST_MS * 2 ** this.failures, LONGEST_MS);
    this.failures += 1;
    return Math.max(whole / 2, atLeast) + (whole / 2) * this.random();
  }

  reset(): void {
    this.failures = 0;
  }
}
