import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { EventType, IncrementalSource } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";
import { Outbox } from "../src/delivery/outbox";
import { BACK_MS, FIRST_AFTER_MS, Recorder, SNAPSHOT_EVERY_MS, THEN_EVERY_MS, UNATTENDED_MS } from "../src/recorder";
import { IDLE_MS, Session } from "../src/session";
import { handover, memory } from "./tab";

beforeEach(() => mock.timers.reset());

/** A page with rrweb on it that does what it is told, and an outbox that nobody empties. */
function page() {
  mock.timers.enable({ apis: ["setTimeout"] });
  const world = { storage: memory(), handover: handover(), time: 1_000, now: () => world.time, random: () => 0, newId: () => `s${(ids += 1)}` };
  let ids = 0;
  const session = new Session(world, "session", 1);
  const outbox = new Outbox(world.storage, "chunk.");
  const sent: string[] = [];
  const delivery = { send: async () => void sent.push("send"), sendLast: () => Boolean(sent.push("last")) };
  const surroundings = { isHiddenNow: false, now: () => world.time, isHidden: () => surroundings.isHiddenNow, before: () => [] };
  const recorder = new Recorder(session, outbox, delivery as never, surroundings, () => {});
  let emit: (event: eventWithTime) => void = () => {};
  const event = (type: EventType, data: object = {}) => emit({ type, data, timestamp: world.time } as eventWithTime);
  const snapshot = () => {
    event(EventType.Meta);
    event(EventType.FullSnapshot);
  };
  const move = () => event(EventType.IncrementalSnapshot, { source: IncrementalSource.MouseMove });
  const mutate = () => event(EventType.IncrementalSnapshot, { source: IncrementalSource.Mutation });
  let starts = 0;
  recorder.start((sink) => {
    emit = sink.emit;
    starts += 1;
    return { snapshot, stop: () => {} };
  });
  snapshot();
  const wait = (milliseconds: number) => {
    world.time += milliseconds;
    mock.timers.tick(milliseconds);
  };
  /** The types of the events of each chunk, by session. */
  const chunks = () =>
    outbox.all.map(({ session, seq, body }) => {
      const types = (JSON.parse(body as string) as eventWithTime[]).map(({ type }) => type);
      return `${session}.${seq}: ${types.join("")}`;
    });
  return { recorder, session, storage: world.storage, starts: () => starts, surroundings, sent, move, mutate, wait, chunks, now: world.now, last: { type: 5, data: {}, timestamp: 0 } as never };
}

test("the first chunk is cut soon, the others in their time, and none while nothing happens", () => {
  const { wait, move, chunks } = page();
  wait(FIRST_AFTER_MS);
  assert.deepEqual(chunks(), ["s1.0: 42"]);
  wait(10 * THEN_EVERY_MS);
  assert.equal(chunks().length, 1);
  move();
  wait(THEN_EVERY_MS - 1);
  assert.equal(chunks().length, 1);
  wait(1);
  assert.deepEqual(chunks()[1], "s1.1: 3");
});

test("while somebody is there a full snapshot comes from time to time, and begins a chunk", () => {
  const { recorder, wait, move, mutate, chunks } = page();
  wait(SNAPSHOT_EVERY_MS);
  recorder.attend();
  move();
  assert.deepEqual(chunks(), ["s1.0: 42"]);
  wait(1);
  move();
  wait(THEN_EVERY_MS);
  assert.deepEqual(chunks().slice(1), ["s1.1: 3", "s1.2: 423"]);
  wait(SNAPSHOT_EVERY_MS + 1);
  recorder.attend();
  // The snapshot shows what a mutation changed.
  mutate();
  wait(THEN_EVERY_MS);
  assert.deepEqual(chunks().slice(3), ["s1.3: 42"]);
});

test("a page that nobody attends to is not recorded, until somebody does", () => {
  const { recorder, wait, mutate, move, chunks } = page();
  wait(UNATTENDED_MS + 1);
  mutate();
  wait(THEN_EVERY_MS);
  assert.equal(chunks().length, 1);
  recorder.attend();
  move();
  wait(THEN_EVERY_MS);
  assert.deepEqual(chunks().slice(1), ["s1.1: 423"]);
});

test("a hidden page sends what it has, and is not recorded", () => {
  const { recorder, surroundings, wait, mutate, move, chunks, sent, last } = page();
  recorder.hide(last);
  surroundings.isHiddenNow = true;
  assert.deepEqual([chunks(), sent], [["s1.0: 425"], ["last", "send"]]);
  mutate();
  wait(THEN_EVERY_MS);
  surroundings.isHiddenNow = false;
  move();
  wait(THEN_EVERY_MS);
  assert.deepEqual(chunks().slice(1), ["s1.1: 423"]);
});

test("a page that is left for another one of this site leaves its rest to it", () => {
  for (const [next, expected] of [["this site", []], ["elsewhere", ["last", "send"]], ["history", ["last", "send"]]] as const) {
    const { recorder, sent, move, wait, chunks, last } = page();
    recorder.leave(last, next);
    recorder.hide(last);
    move();
    wait(THEN_EVERY_MS);
    assert.deepEqual([chunks(), sent], [["s1.0: 425"], expected]);
    mock.timers.reset();
  }
});

test("a page that comes back goes on with a snapshot, also when nothing happens, and numbers nothing before it is settled", async () => {
  const { recorder, session, sent, storage, move, wait, chunks, last } = page();
  recorder.leave(last, "this site");
  let settle = () => {};
  recorder.comeBack(new Promise((resolve) => (settle = resolve)));
  wait(BACK_MS);
  move();
  // Meanwhile it is seen that another page has used a number.
  const stored = JSON.parse(storage.getItem("session") ?? "") as object;
  storage.setItem("session", JSON.stringify({ ...stored, seq: 2 }));
  wait(THEN_EVERY_MS);
  assert.deepEqual(chunks(), ["s1.0: 425"]);
  settle();
  await Promise.resolve();
  assert.deepEqual(chunks(), ["s1.0: 425", "s1.2: 423"]);
  assert.equal(session.id, "s1");
  // From now on others may not see what it stores: it sends by itself.
  sent.length = 0;
  recorder.leave(last, "this site");
  assert.deepEqual(sent, ["last", "send"]);
});

test("a visit ends when it is left, also when nothing has happened for a while, and only once", () => {
  const { recorder, surroundings, wait, chunks, last, now } = page();
  wait(FIRST_AFTER_MS);
  wait(UNATTENDED_MS);
  recorder.hide(last);
  assert.deepEqual(chunks().slice(1), ["s1.1: 5"]);
  surroundings.isHiddenNow = true;
  // An hour later the tab is closed.
  wait(2 * THEN_EVERY_MS);
  recorder.leave({ ...(last as object), timestamp: now() } as never, "elsewhere");
  assert.equal(chunks().length, 2);
});

test("a visit whose session is over by then is not prolonged by its end", () => {
  const { recorder, wait, chunks, last } = page();
  wait(FIRST_AFTER_MS);
  wait(IDLE_MS + 1);
  recorder.leave(last, "elsewhere");
  assert.equal(chunks().length, 1);
});

test("a page that is looked at again says so, and has another session after half an hour", () => {
  for (const [pause, expected] of [[THEN_EVERY_MS, ["s1.1: 5"]], [IDLE_MS + 1, ["s2.0: 425"]]] as const) {
    const { recorder, surroundings, wait, chunks, last } = page();
    recorder.hide(last);
    surroundings.isHiddenNow = true;
    wait(pause);
    surroundings.isHiddenNow = false;
    recorder.show({ ...(last as object) } as never);
    wait(THEN_EVERY_MS);
    assert.deepEqual(chunks().slice(1), expected);
    mock.timers.reset();
  }
});

test("a document that was opened anew is recorded anew", () => {
  const { recorder, starts, session } = page();
  recorder.restart();
  assert.equal(starts(), 2);
  session.stop();
  recorder.restart();
  assert.equal(starts(), 2);
});

test("who comes back after half an hour begins a new session", () => {
  const { recorder, move, wait, chunks } = page();
  wait(FIRST_AFTER_MS);
  recorder.attend();
  wait(IDLE_MS + 1);
  recorder.attend();
  move();
  wait(FIRST_AFTER_MS);
  assert.deepEqual(chunks(), ["s1.0: 42", "s2.0: 423"]);
});

test("what is stopped stays stopped", () => {
  const { recorder, session, move, wait, chunks } = page();
  recorder.stop();
  move();
  wait(IDLE_MS + 1);
  recorder.attend();
  move();
  wait(THEN_EVERY_MS);
  assert.deepEqual(chunks(), ["s1.0: 42"]);
  assert.equal(session.isRecorded, false);
});

test("a page whose snapshot cannot be sent is not recorded any more, one that lacks another event gets a new snapshot", () => {
  for (const [isSnapshot, expected] of [[true, []], [false, ["s1.1: 423"]]] as const) {
    const { recorder, wait, move, chunks } = page();
    wait(FIRST_AFTER_MS);
    recorder.leaveOut(isSnapshot);
    move();
    wait(THEN_EVERY_MS);
    assert.deepEqual(chunks().slice(1), expected);
    mock.timers.reset();
  }
});

test("when there is no more room recording pauses, and no number is left out", () => {
  const { recorder, move, wait, chunks } = page();
  wait(FIRST_AFTER_MS);
  const { outbox } = recorder as unknown as { outbox: Outbox };
  outbox.add("old", 0, "x".repeat(4_000_000));
  move();
  wait(THEN_EVERY_MS);
  outbox.removeSession("old");
  move();
  wait(THEN_EVERY_MS);
  assert.deepEqual(chunks(), ["s1.0: 42", "s1.1: 423"]);
});
