// Where somebody wrote, among what happened.

import assert from "node:assert/strict";
import { test } from "node:test";
import { marks } from "../src/marks";
import { isTrouble, parseMoments, parseWrote, withWrote } from "../src/moments";
import { parseRecording } from "../src/recording";

const MOMENTS = parseMoments([
  { at_ms: 1_000, kind: "page", text: "Opened /" },
  { at_ms: 9_000, kind: "rage_click", text: "Pressed it" },
]);
const WROTE = parseWrote([{ at_ms: 5_000, kind: "wrote", text: "The button", link: "/conversations/7" }]);

test("where somebody wrote stands in order, and is a mark that is no trouble", () => {
  const all = withWrote(MOMENTS, WROTE);
  assert.deepEqual(
    all.map(({ at, kind }) => [at, kind]),
    [
      [1_000, "page"],
      [5_000, "wrote"],
      [9_000, "rage_click"],
    ],
  );
  assert.deepEqual(
    marks(all, 10_000, 1_000).map(({ at, kind, label }) => [at, kind, label]),
    [
      [5_000, "wrote", "0:05 The button"],
      [9_000, "rage_click", "0:09 Pressed it"],
    ],
  );
  assert.deepEqual(all.map(isTrouble), [false, false, true]);
  // At one place trouble gives the sign.
  assert.deepEqual(
    marks(all, 10_000, 30).map(({ kind }) => kind),
    ["rage_click"],
  );
});

test("a recording without conversations is as it was", () => {
  assert.deepEqual(parseRecording({}).wrote, []);
  assert.equal(withWrote(MOMENTS, []), MOMENTS);
  assert.equal(parseRecording({ wrote: [{ at_ms: 5 }] }).wrote[0]?.link, "");
});
