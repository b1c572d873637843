import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { IDLE_MS, LONGEST_MS, Session, type World } from "../src/session";
import type { Storage } from "../src/storage";
import { full, handover, memory } from "./tab";

function world(storage: Storage = memory()) {
  let ids = 0;
  const world = { storage, handover: handover(), time: 1_000, chance: 0, now: () => world.time, random: () => world.chance, newId: () => `${++ids}` };
  return world;
}

const open = (world: World, sample = 1) => new Session(world, "session", sample);

test("a session goes on from page to page, with its numbers", () => {
  const tab = world();
  const first = open(tab);
  assert.deepEqual([first.nextSeq(), first.nextSeq()], [0, 1]);
  first.close();
  const second = open(tab);
  assert.equal(second.id, first.id);
  assert.equal(second.nextSeq(), 2);
});

test("a tab that begins with another one's storage has a session of its own", () => {
  const tab = world();
  const original = open(tab);
  const copy = memory();
  for (const key of tab.storage.keys()) copy.setItem(key, tab.storage.getItem(key) ?? "");
  const duplicate = new Session({ ...tab, storage: copy }, "session", 1);
  assert.notEqual(duplicate.id, original.id);
  assert.equal(duplicate.nextSeq(), 0);
});

test("a page that is shown again goes on where later pages left the session", () => {
  const tab = world();
  const first = open(tab);
  first.nextSeq();
  first.close();
  const second = open(tab);
  second.nextSeq();
  // Its own mark may still stand there.
  first.reopen();
  assert.equal(first.nextSeq(), 2);
});

test("a page that sees an old state of the storage is told the number by the page before", () => {
  const tab = world();
  const first = open(tab);
  const old = { ...tab, storage: memory() };
  const second = open({ ...tab, storage: tab.storage });
  for (const key of tab.storage.keys()) old.storage.setItem(key, tab.storage.getItem(key) ?? "");
  second.nextSeq();
  second.nextSeq();
  second.close(true);
  const third = new Session(old, "session", 1);
  assert.deepEqual([third.id, third.nextSeq()], [second.id, 2]);
  // Of another session nothing is taken over.
  first.close(true);
  const stranger = new Session({ ...old, storage: memory() }, "session", 1);
  stranger.close();
  tab.handover.give(JSON.stringify({ id: "x", seq: 9, activeAt: 1_000, startedAt: 1_000, isOpen: false, isRecorded: true }));
  stranger.reopen();
  assert.equal(stranger.nextSeq(), 0);
});

test("a page waits for the one before it to leave, and no longer than it says", async () => {
  const tab = world();
  const first = open(tab);
  mock.timers.enable({ apis: ["setTimeout"] });
  let isSettled = false;
  const wait = async (milliseconds: number) => {
    for (let passed = 0; passed < milliseconds; passed += 50) {
      mock.timers.tick(50);
      await Promise.resolve();
    }
    return isSettled;
  };
  const begin = (least: number, most: number) => {
    isSettled = false;
    void Session.settled(tab, "session", least, most).then(() => (isSettled = true));
  };
  begin(0, 600);
  assert.equal(await wait(300), false);
  first.close();
  assert.equal(await wait(100), true);
  begin(500, 2_000);
  assert.equal(await wait(400), false);
  assert.equal(await wait(200), true);
  first.reopen();
  begin(0, 600);
  assert.equal(await wait(700), true);
  mock.timers.reset();
});

test("a session ends with its idleness or its age", () => {
  for (const [idle, steps, isSame] of [
    [IDLE_MS, 1, true],
    [IDLE_MS + 1, 1, false],
    [IDLE_MS, LONGEST_MS / IDLE_MS, true],
    [IDLE_MS, LONGEST_MS / IDLE_MS + 1, false],
  ] as const) {
    const tab = world();
    const session = open(tab);
    let isOver = false;
    for (let step = 0; step < steps; step += 1) {
      tab.time += idle;
      isOver = session.isOverAt(tab.time);
    }
    assert.equal(isOver, !isSame, `${steps} times ${idle}`);
  }
});

test("the draw is made once for a session", () => {
  const tab = world();
  tab.chance = 0.3;
  const drawn = open(tab, 0.3);
  assert.equal(drawn.isRecorded, false);
  drawn.close();
  tab.chance = 0;
  assert.equal(open(tab, 0.3).isRecorded, false);
  assert.equal(open(world(), 0).isRecorded, false);
  assert.equal(open(world(), 1).isRecorded, true);
});

test("what stands in the storage is anything at all", () => {
  for (const text of ["", "{", "null", "7", '{"id":7}', '{"id":"a","seq":"x","activeAt":1}', '{"id":"a","seq":0.5,"activeAt":1}']) {
    const tab = world();
    tab.storage.setItem("session", text);
    assert.equal(open(tab).nextSeq(), 0, text);
  }
});

test("in a browser without storage a session goes on by what one page hands to the next, once", () => {
  const tab = world(full());
  const first = open(tab);
  assert.equal(first.nextSeq(), 0);
  first.close();
  const second = open(tab);
  assert.deepEqual([second.id, second.nextSeq()], [first.id, 1]);
  assert.notEqual(open(tab).id, first.id);
});
