import assert from "node:assert/strict";
import { test } from "node:test";
import { leapFrom, skippingPace } from "../src/skipping";

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** How long a gap takes to watch, in steps of so many ms, and where it ends. */
function watched(gap: number, step: number): { took: number; end: number } {
  let [at, took] = [0, 0];
  while (at < gap) {
    at += step * skippingPace(0, gap, at);
    took += step;
  }
  return { took, end: at };
}

test("a gap takes one to three seconds, however long it is, and nothing behind it is leapt over", () => {
  for (const gap of [10 * SECOND, 30 * SECOND, 30 * MINUTE, 3 * HOUR, 23 * HOUR]) {
    for (const step of [8, 16, 33, 60]) {
      const { took, end } = watched(gap, step);
      assert.ok(took >= SECOND && took <= 3_300, `${gap} in steps of ${step}: ${took}`);
      assert.ok(end - gap <= step, `${gap} in steps of ${step}: ${end - gap} too far`);
    }
  }
});

test("a short pause is not skipped, nor are the beginning and the end of a long one", () => {
  for (const [before, next, at] of [
    [0, 5_000, 2_500],
    [0, 60_000, 800],
    [0, 60_000, 59_600],
  ] as const) {
    assert.equal(skippingPace(before, next, at), 1);
  }
  assert.ok(skippingPace(0, 60_000, 801) > 1);
});

test("a stretch of hours is left for its end at once, from wherever one is in it", () => {
  const stretches = [{ from: 10 * SECOND, until: 3 * HOUR }, { from: 4 * HOUR, until: 4 * HOUR + 10 * SECOND }];
  for (const [at, to] of [
    [0, null],
    [10 * SECOND, null],
    [11 * SECOND, 3 * HOUR - 400],
    [2 * HOUR, 3 * HOUR - 400],
    [3 * HOUR - 400, null],
    [4 * HOUR + 2 * SECOND, null],
  ] as const) {
    assert.equal(leapFrom(stretches, at), to, String(at));
  }
  assert.equal(leapFrom([], 5), null);
});
