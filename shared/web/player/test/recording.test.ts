import assert from "node:assert/strict";
import { test } from "node:test";
import { marks } from "../src/bar";
import { parseRecording } from "../src/recording";
import { clock, spoken } from "../src/time";

const START = 1_795_000_000_000;

const piece = (seq: number, from: number, until: number, snapshot: number | null) => ({
  seq,
  part: 0,
  from_ms: START + from,
  until_ms: START + until,
  bytes: 1,
  snapshot_ms: snapshot === null ? null : START + snapshot,
});

test("an index is read in times from the session's start", () => {
  const recording = parseRecording({
    started_at_ms: START,
    duration_ms: 30_000,
    pieces: [piece(0, 0, 9_000, 10), piece(3, 30_000, 41_000, null)],
    missing: [{ from_seq: 1, until_seq: 2 }],
    idle: [{ from_ms: 1_000, until_ms: 8_000 }],
    timeline: [{ at_ms: 5, kind: "page", label: "/", count: 1 }],
    live: true,
  });
  assert.equal(recording.pieces[0]?.snapshot, 10);
  assert.deepEqual(recording.missing, [{ from: 9_000, until: 30_000 }]);
  assert.equal(recording.duration, 41_000, "what has arrived since the summary counts");
  assert.equal(recording.live, true);
});

test("whatever is no index is an empty recording", () => {
  for (const strange of [null, 5, "x", [], {}, { pieces: 7, timeline: [null], idle: {} }]) {
    const { duration, pieces, live } = parseRecording(strange);
    assert.deepEqual([duration, pieces, live], [0, [], false]);
  }
});

test("trouble is marked, and what is near to it stands at the same mark", () => {
  const moment = (at: number, kind: string) => ({ at, kind, label: `<${kind}>`, count: 1 });
  const timeline = [moment(0, "page"), moment(10_000, "rage_click"), moment(10_500, "js_error"), moment(50_000, "dead_click")];
  assert.deepEqual(marks(timeline, 100_000), [
    { at: 10_000, kind: "rage_click", label: "0:10 Rage click: <rage_click>\n0:10 JavaScript error: <js_error>" },
    { at: 50_000, kind: "dead_click", label: "0:50 Dead click: <dead_click>" },
  ]);
});

test("times are read and spoken", () => {
  const cases: [number, string, string][] = [
    [0, "0:00", "0 seconds"],
    [61_999, "1:01", "1 minute 1 second"],
    [7_205_000, "2:00:05", "2 hours 5 seconds"],
    [-5, "0:00", "0 seconds"],
  ];
  for (const [ms, read, said] of cases) assert.deepEqual([clock(ms), spoken(ms)], [read, said]);
});
