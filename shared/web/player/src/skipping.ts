// Stretches that nobody did anything in are skipped: about a second, however long they are.

/** Nobody at the controls for as long is skipped, ms. */
const IDLE_MS = 5_000;

/** How long most of a stretch takes, ms. */
const MOST_MS = 700;

/** A step of the replay may take as long when the page is busy, ms: it must not leap over what comes next. */
const SLOWEST_STEP_MS = 60;

/** What is left to be watched at its own pace: how a stretch begins and how it ends, ms. */
const BEGINNING_MS = 800;
const END_MS = 400;

/**
 * How fast to go at a moment between two interactions; 1 where nothing is skipped. The nearer the next one,
 * the slower. Always a power of two, for each change stops and starts the replay's clock.
 */
export function skippingPace(before: number, next: number, at: number): number {
  const isIdle = next - before > IDLE_MS && at - before > BEGINNING_MS && next - at > END_MS;
  if (!isIdle) return 1;
  const pace = Math.min((next - before) / MOST_MS, (next - at) / SLOWEST_STEP_MS);
  return Math.max(1, 2 ** Math.floor(Math.log2(pace)));
}

/** What is longer is leapt over at once, ms: at a pace, hours would take longer than a second. */
export const LONGEST_SKIPPED_MS = 10 * 60_000;

/** Shorter stretches are not worth a leap, which may have to load something, ms. */
const SHORTEST_LEAP_MS = 15_000;

/**
 * Where to go on from a moment in one of these stretches, a little before its end; `null` where nothing is to
 * be leapt over.
 */
export function leapFrom(stretches: readonly { from: number; until: number }[], at: number): number | null {
  const within = stretches.filter(({ from, until }) => from + BEGINNING_MS <= at && at < until - SHORTEST_LEAP_MS);
  const ends = within.map(({ until }) => until - END_MS);
  return ends.length === 0 ? null : Math.max(...ends);
}
