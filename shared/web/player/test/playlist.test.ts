import assert from "node:assert/strict";
import { test } from "node:test";
import { STAGE_BYTES, beginning, following, needed, turnsOver } from "../src/playlist";
import type { Piece } from "../src/recording";

/** Pieces of ten seconds; those named begin with a snapshot. */
function pieces(count: number, snapshots: number[]): Piece[] {
  return Array.from({ length: count }, (_, seq) => ({
    seq,
    part: 0,
    from: seq * 10_000,
    until: seq * 10_000 + 9_000,
    bytes: 1_000,
    snapshot: snapshots.includes(seq) ? seq * 10_000 + 100 : null,
  }));
}

test("playing begins at the last snapshot before the moment, else at the first there is", () => {
  const list = pieces(8, [1, 4, 6]);
  const cases: [number, number][] = [
    [0, 1],
    [10_099, 1],
    [39_999, 1],
    [40_100, 4],
    [59_000, 4],
    [1_000_000, 6],
  ];
  for (const [at, expected] of cases) assert.equal(beginning(list, at, new Set()), expected, String(at));
  assert.equal(beginning(pieces(3, []), 0, new Set()), null);
});

test("a piece that is broken is neither begun with nor gone on with", () => {
  const list = pieces(8, [1, 4, 6]);
  assert.equal(beginning(list, 45_000, new Set(["4/0"])), 1);
  assert.equal(beginning(list, 15_000, new Set(["1/0"])), 4);
  assert.equal(beginning(list, 15_000, new Set(["1/0", "4/0", "6/0"])), null);
  assert.equal(following(list, 3, new Set(["3/0", "4/0"])), 5);
  assert.equal(following(list, 8, new Set()), null);
});

test("a moment needs the pieces since the last snapshot before it, wherever in the recording it is", () => {
  const list = pieces(240, Array.from({ length: 20 }, (_, nth) => nth * 12));
  const count = (at: number) => needed(list, beginning(list, at, new Set()) ?? 0, at, new Set()).length;
  assert.equal(count(0), 1);
  assert.equal(count(2_280_100), 1);
  assert.equal(count(119_000), 12);
  assert.equal(count(2_399_000), 12);
  const some = needed(list, 12, 145_000, new Set(["13/0"]));
  assert.deepEqual(some.map(({ seq }) => seq), [12, 14]);
});

test("a stage that holds much gives way at a snapshot, and only there", () => {
  const [plain, snapshot] = pieces(2, [1]) as [Piece, Piece];
  assert.equal(turnsOver(STAGE_BYTES, plain), false);
  assert.equal(turnsOver(STAGE_BYTES, snapshot), true);
  assert.equal(turnsOver(0, snapshot), false);
});
