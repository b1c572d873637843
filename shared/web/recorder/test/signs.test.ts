import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { EventType, IncrementalSource } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";
import { opens } from "../src/signs/effects";
import { Edits } from "../src/signs/edits";
import { Limit } from "../src/signs/limit";
import { Scripts } from "../src/signs/scripts";
import { Signs } from "../src/signs/signs";

test("what comes too often is bounded, at once and in the long run", () => {
  let now = 0;
  const limit = new Limit(3, 1_000, () => now);
  const allowed = (tries: number) => Array.from({ length: tries }, () => limit.allows()).filter(Boolean).length;
  assert.equal(allowed(100), 3);
  now = 999;
  assert.equal(allowed(100), 0);
  now = 2_500;
  assert.equal(allowed(100), 2);
  now = 3_000;
  assert.equal(allowed(100), 1);
  now = 100_000;
  assert.equal(allowed(100), 3);
});

/** Signs of a page whose nodes are numbers, of which the negative ones are blocked. */
function signs() {
  const told: string[] = [];
  const world = { time: 0 };
  const nodes = { id: (node: unknown) => node as number, isSilent: (node: unknown) => (node as number) < 0 };
  const tell = (tag: string, payload: object) => told.push(`${tag.slice(7)} ${Object.values(payload).filter((value) => value !== undefined).join(" ")}`);
  return { told, world, signs: new Signs(nodes as never, tell, () => world.time), node: (id: number) => id as unknown as Node };
}

test("a page that toggles a popover a thousand times a second is told bounded, and its last state in any case", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { told, world, signs: page, node } = signs();
  for (let time = 0; time < 1_000; time += 1) {
    world.time = time;
    page.toggle("popover", node(7), time % 2 === 1);
  }
  assert.equal(told.length, 10);
  page.toggle("popover", node(8), true);
  world.time = 3_000;
  mock.timers.tick(1_000);
  assert.deepEqual(told.slice(10), ["effect popover 7 true", "effect popover 8 true"]);
  mock.timers.reset();
});

test("one effect that is heard in several ways is told once, of nothing that is blocked", () => {
  const { told, world, signs: page, node } = signs();
  page.effect("download", node(3));
  page.effect("download");
  page.effect("sound", node(-1));
  page.toggle("popover", node(-1), true);
  page.edit(node(-1), "hand");
  page.hand("key", node(-1));
  world.time = 500;
  page.effect("download");
  page.effect("alert", undefined, 700);
  assert.deepEqual(told, ["effect download 3", "effect download", "effect alert 700"]);
});

test("a hand is told once a second, whatever it does", () => {
  const { told, world, signs: page } = signs();
  for (const time of [0, 10, 999, 1_000, 1_500]) {
    world.time = time;
    page.hand(time % 2 ? "key" : "wheel", undefined);
  }
  assert.deepEqual(told, ["hand wheel", "hand wheel"]);
});

/** A field of a page, and what is told of it. */
function field() {
  const told: string[] = [];
  let time = 0;
  const edits = new Edits({ edit: (_: unknown, by: string) => told.push(by) } as never, () => 7, () => time);
  const win = { event: undefined as unknown };
  const element = { value: "1", ownerDocument: { defaultView: win } };
  const wait = (milliseconds: number) => (time += milliseconds);
  const set = (value: string, event?: object) => {
    wait(100);
    win.event = event;
    element.value = value;
    return edits.mask(value, element as never);
  };
  return { told, edits, set, wait, element };
}

const input = (id: number) => ({ type: EventType.IncrementalSnapshot, data: { source: IncrementalSource.Input, id } }) as unknown as eventWithTime;

test("that a masked field changed is told, not to what, and by whom", async () => {
  const { told, set, wait, edits, element } = field();
  assert.equal(set("1"), "****");
  set("2");
  await Promise.resolve();
  set("3", { type: "input", isTrusted: true });
  await Promise.resolve();
  wait(1_000);
  set("4", { type: "click", isTrusted: true });
  await Promise.resolve();
  set("4");
  await Promise.resolve();
  assert.deepEqual(told, ["script", "hand", "script"]);
  // An attribute is not what stands in the field.
  edits.mask("9", element as never);
  await Promise.resolve();
  // rrweb says it itself.
  set("5");
  edits.heed(input(7));
  await Promise.resolve();
  assert.equal(told.length, 3);
  set("6");
  edits.heed(input(8));
  await Promise.resolve();
  assert.equal(told.length, 4);
});

test("nobody can count what is typed by what is told of it, also where a script sets it apart", async () => {
  const { told, set } = field();
  set("");
  for (let length = 1; length <= 16; length += 1) {
    set("1".repeat(length), { type: "input", isTrusted: true });
    await Promise.resolve();
    set(`${"1".repeat(length)} `);
    await Promise.resolve();
  }
  assert.ok(told.length <= 4, String(told));
  assert.ok(told.every((by) => by === "hand"));
});

test("what a script clicked or put in is marked right before", () => {
  const page = new EventTarget();
  const scripts = new Scripts();
  const end = scripts.watch(page as never);
  const click = { type: 3, data: { source: 2, type: 2, id: 1 }, timestamp: 5 } as eventWithTime;
  const mark = (what: string) => [{ type: 5, data: { tag: "recapt:script", payload: { what } }, timestamp: 5 }];
  assert.deepEqual(scripts.before(click), []);
  page.dispatchEvent(new Event("click"));
  assert.deepEqual(scripts.before(click), mark("click"));
  assert.deepEqual(scripts.before({ type: 3, data: { source: 2, type: 1, id: 1 }, timestamp: 5 } as eventWithTime), []);
  const typed = (userTriggered?: boolean) => ({ type: 3, data: { source: 5, userTriggered }, timestamp: 5 }) as unknown as eventWithTime;
  assert.deepEqual([true, false, undefined].map((by) => scripts.before(typed(by))), [[], mark("input"), []]);
  end();
});

test("what a click opens outside of the page", () => {
  const win = { frames: { inner: {} }, navigator: { userActivation: { isActive: true } } };
  const element = (localName: string, attributes: object) => ({ localName, hasAttribute: (name: string) => name in attributes, ...attributes });
  for (const [node, expected] of [
    [element("input", { type: "file" }), "file"],
    [element("input", { type: "text" }), undefined],
    [element("a", { href: "/f.csv", download: "" }), "download"],
    [element("a", { href: "/f.csv", download: "", target: "_blank" }), "download"],
    [element("a", { href: "/p", target: "_blank" }), "window"],
    [element("a", { href: "/p", target: "inner" }), undefined],
    [element("a", { href: "/p", target: "_self" }), undefined],
    [element("a", { href: "", target: "_blank" }), undefined],
    [element("form", { target: "_blank" }), "window"],
    [element("form", { target: {} }), undefined],
    [element("button", {}), undefined],
    [null, undefined],
  ] as [unknown, string | undefined][]) {
    assert.equal(opens(node, win as never), expected, JSON.stringify(node));
  }
  win.navigator.userActivation.isActive = false;
  assert.equal(opens(element("input", { type: "file" }), win as never), undefined);
});

