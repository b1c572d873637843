import assert from "node:assert/strict";
import { test } from "node:test";
import { Log, type LogPart, parseLog } from "../src/log";

const START = 1_795_000_000_000;

const part = (at: number, next: number | null, until?: number): LogPart =>
  parseLog({ lines: [{ at: START + at, level: "error", text: "no", stack: ["f (a.js:1:2)"] }], requests: [], next, until }, START);

test("a log is read in times from the session's start, and what is none is empty", () => {
  const { lines, requests, next } = parseLog(
    {
      lines: [{ at: START + 5, level: "warn", text: "old", stack: ["a", 7], fingerprint: "0123456789abcdef" }],
      requests: [{ at: START + 9, method: "POST", url: "/api", status: 500, duration_ms: 12, outcome: "refused" }, {}],
      next: 3,
    },
    START,
  );
  assert.deepEqual(lines, [{ at: 5, level: "warn", thrown: false, text: "old", stack: ["a"], fingerprint: "0123456789abcdef" }]);
  assert.deepEqual(requests[0], { at: 9, method: "POST", url: "/api", status: 500, duration: 12, outcome: "refused", fingerprint: null });
  assert.equal(requests[1]?.status, null);
  assert.equal(next, 3);
  assert.deepEqual(parseLog(null, START), { lines: [], requests: [], complete: true, next: null, until: null });
});

test("all parts are loaded once, in order, and what comes later is added", async () => {
  const asked: number[] = [];
  const log = new Log(async (from) => {
    asked.push(from);
    return from === 0 ? part(500, 2) : part(from * 10, null);
  }, 4);
  await Promise.all([log.load(), log.load()]);
  assert.deepEqual(asked, [0, 2]);
  assert.deepEqual(log.lines.map(({ at }) => at), [20, 500]);
  assert.equal(log.status, "loaded");
  log.extend(4);
  log.extend(7);
  await log.load();
  assert.deepEqual(asked, [0, 2, 5]);
});

test("what a server sent of a session under way, and no index has told of yet, is not asked for again", async () => {
  // The log knows of chunks up to 4, the server had up to 5 at the first question and up to 8 at the second.
  const asked: number[] = [];
  const log = new Log(async (from) => {
    asked.push(from);
    return from === 0 ? part(50, null, 6) : part(80, null, 9);
  }, 4);
  await log.load();
  log.extend(5);
  await log.load();
  log.extend(7);
  await log.load();
  log.extend(8);
  await log.load();
  assert.deepEqual(asked, [0, 6]);
  assert.deepEqual(log.lines.map(({ at }) => at), [50, 80]);
  assert.equal(log.status, "loaded");
});

test("a server that has nothing new yet is asked again when there is more", async () => {
  const asked: number[] = [];
  const log = new Log(async (from) => {
    asked.push(from);
    if (asked.length === 1) return parseLog({ lines: [], requests: [], next: null, until: 0 }, START);
    return part(10, null, 2);
  }, 0);
  await log.load();
  assert.deepEqual([asked, log.status], [[0], "loaded"]);
  log.extend(1);
  await log.load();
  assert.deepEqual([asked, log.lines.length], [[0, 0], 1]);
});

test("what could not be loaded is asked for again from there on", async () => {
  const asked: number[] = [];
  const log = new Log(async (from) => {
    asked.push(from);
    if (asked.length === 2) throw new Error("no");
    return part(from, from < 2 ? from + 1 : null);
  }, 2);
  await log.load();
  assert.equal(log.status, "failed");
  await log.load();
  assert.deepEqual([asked, log.status, log.lines.length], [[0, 1, 1, 2], "loaded", 3]);
});

test("a server that names a part again is not asked for ever, and a page that logs for ever is cut", async () => {
  let asked = 0;
  const stuck = new Log(async (from) => {
    asked += 1;
    return part(from, from);
  }, 50);
  await stuck.load();
  assert.equal(asked, 51);
  const lines = Array.from({ length: 9_000 }, () => ({ at: START, level: "error", text: "no" }));
  const endless = new Log(async (from) => parseLog({ lines, requests: [], next: from + 1 }, START), 1_000_000);
  await endless.load();
  assert.equal(endless.status, "full");
  assert.equal(endless.lines.length, 27_000);
});
