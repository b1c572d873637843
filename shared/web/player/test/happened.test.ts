import assert from "node:assert/strict";
import { test } from "node:test";
import { isAll } from "../src/happened";
import { parseRecording } from "../src/recording";

const told = (total: number, ...moments: [at: number, last?: number][]) =>
  parseRecording({
    timeline: moments.map(([at_ms, last_at_ms]) => ({ at_ms, last_at_ms, kind: "rage_click", label: "Buy" })),
    timeline_total: total,
  });

test("a summary tells all when it has every moment, and where each was", () => {
  for (const [recording, expected] of [
    [told(0), true],
    [told(2, [1_000], [90_000]), true],
    [told(3, [1_000], [90_000]), false],
    [told(1, [1_000, 11_000]), true],
    [told(1, [1_000, 11_001]), false],
    [told(2, [1_000, 55_000], [90_000]), false],
  ] as const) {
    assert.equal(isAll(recording), expected, JSON.stringify(recording.timeline));
  }
});
