import assert from "node:assert/strict";
import { test } from "node:test";
import { IDLE_MS, LONGEST_MS, Session, type World } from "../src/session";
import { type Storage, memory } from "../src/storage";

function world(storage: Storage = memory()) {
  let ids = 0;
  const world = { storage, time: 1_000, chance: 0, now: () => world.time, random: () => world.chance, newId: () => `${++ids}` };
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
  second.close();
  first.reopen();
  assert.equal(first.nextSeq(), 2);
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

test("a browser without storage records page by page", () => {
  const full = { ...memory(), setItem: () => { throw new Error("QuotaExceededError"); } };
  const tab = world(full);
  const first = open(tab);
  assert.equal(first.nextSeq(), 0);
  first.close();
  assert.notEqual(open(tab).id, first.id);
});
