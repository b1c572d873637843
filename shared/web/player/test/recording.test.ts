import assert from "node:assert/strict";
import { test } from "node:test";
import { marks, pressed } from "../src/marks";
import { type Moment, idleStretches, nextTrouble, parseTimeline } from "../src/moments";
import { parseRecording } from "../src/recording";
import { clock, length, spoken } from "../src/time";
import { pageAt } from "../src/visited";

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
    timeline: [{ at_ms: 5, kind: "page", label: "https://a.example/cart", text: "Opened /cart", count: 1 }],
    timeline_total: 9,
    live: true,
    link: "/sessions/s",
    environment: [{ name: "Browser", value: "Chrome 140" }],
  });
  assert.deepEqual([recording.timeline[0]?.text, recording.total, recording.link], ["Opened /cart", 9, "/sessions/s"]);
  assert.deepEqual(recording.environment, [["Browser", "Chrome 140"]]);
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

/** A moment of a kind. */
function moment(at: number, kind: string, more: Partial<Moment> = {}): Moment {
  return { at, last: at, kind, label: `<${kind}>`, text: `<${kind}>`, count: 1, fingerprint: null, idleMs: null, ...more };
}

test("marks stand for all trouble, and never so near to each other that they would overlap", () => {
  const timeline = [moment(0, "page"), moment(10_000, "dead_click"), moment(10_500, "js_error"), moment(50_000, "dead_click")];
  const drawn = (width: number) => marks(timeline, 100_000, width).map(({ at, kind, label }) => [at, kind, label]);
  assert.deepEqual(drawn(1_000), [
    [10_000, "js_error", "0:10 <dead_click>\n0:10 <js_error>"],
    [50_000, "dead_click", "0:50 <dead_click>"],
  ]);
  const much = Array.from({ length: 4_000 }, (_, at) => moment(at * 1_000, "console_error"));
  for (const width of [0, 240, 700, 1_400]) {
    const list = marks(much, 4_000_000, width);
    const places = list.map(({ at }) => (at / 4_000_000) * width);
    assert.ok(places.every((place, index) => index === 0 || place - (places[index - 1] ?? 0) >= 25.9), `${width}`);
    assert.equal(list.flatMap(({ moments }) => moments).length, 4_000);
    assert.ok(list.every(({ label }) => label.split("\n").length <= 7));
  }
});

test("a mark that is pressed again leads to the next of its moments, and then to the first", () => {
  const [mark] = marks([1_000, 3_000, 4_000].map((at) => moment(at, "rage_click")), 1_000_000, 100);
  assert.ok(mark);
  assert.deepEqual([0, 1_000, 3_001, 4_100, 9_000].map((position) => pressed(mark, position)), [1_000, 3_000, 4_000, 1_000, 1_000]);
});

test("the next problem and the one before are found from wherever the recording is", () => {
  const timeline = [moment(0, "page"), moment(5_000, "rage_click"), moment(9_000, "input"), moment(30_000, "js_error")];
  const at = (position: number, direction: 1 | -1) => nextTrouble(timeline, position, direction)?.at ?? null;
  assert.deepEqual([0, 5_000, 30_000].map((position) => at(position, 1)), [5_000, 30_000, null]);
  assert.deepEqual([0, 5_000, 30_000, 40_000].map((position) => at(position, -1)), [null, null, 5_000, 30_000]);
});

test("the address above the picture is that of the page that was open", () => {
  const timeline = [moment(100, "page", { label: "/a" }), moment(500, "js_error"), moment(9_000, "page", { label: "/b" })];
  const address = (at: number) => pageAt(timeline, at)?.label;
  assert.deepEqual([0, 100, 8_900, 9_000, 99_000].map(address), ["/a", "/a", "/a", "/b", "/b"]);
  assert.equal(pageAt([moment(5, "input")], 9), null);
});

test("a whole timeline is read with what it says of itself", () => {
  const given = [{ at_ms: 5, last_at_ms: 95, kind: "idle", label: "Idle for 2 s", idle_ms: 2_000, count: 2, fingerprint: "0123456789abcdef" }, null];
  const { moments, complete } = parseTimeline({ moments: given, complete: true });
  assert.equal(complete, true);
  assert.deepEqual([moments[0]?.text, moments[0]?.last, moments[0]?.fingerprint], ["Idle for 2 s", 95, "0123456789abcdef"]);
  assert.deepEqual(idleStretches(moments), [{ from: 5, until: 2_005 }, { from: 95, until: 2_095 }]);
  assert.deepEqual(parseTimeline("no"), { moments: [], complete: false });
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

test("how long something is begins a sentence", () => {
  const cases: [number, string, boolean][] = [
    [400, "Less than a second", true],
    [1_000, "1 second", true],
    [15_000, "15 seconds", false],
    [3_600_000, "1 hour", true],
    [3_660_000, "1 hour 1 minute", false],
  ];
  for (const [ms, text, isOne] of cases) assert.deepEqual(length(ms), { text, isOne });
});
