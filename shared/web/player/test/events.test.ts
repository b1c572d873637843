import assert from "node:assert/strict";
import { test } from "node:test";
import { Sources } from "../src/sources";
import { EventReader, isInteraction } from "../src/events";

const SIZE = { width: 800, height: 600 };
const snapshot = (timestamp: number) => ({ type: 2, timestamp, data: { node: { type: 0, id: 1, childNodes: [] } } });
const meta = (timestamp: number, width: number) => ({ type: 4, timestamp, data: { href: "x", width, height: 600 } });
const scroll = (timestamp: number) => ({ type: 3, timestamp, data: { source: 3, id: 1, x: 0, y: 9 } });

const size = (data: object) => ("width" in data ? `:${data.width}` : "");

function shape(...pieces: unknown[][]): string[] {
  const reader = new EventReader(SIZE, new Sources("https:"));
  const events = pieces.flatMap((piece) => reader.read(piece));
  return events.map(({ type, timestamp, data }) => `${type}@${timestamp}${size(data as object)}`);
}

test("before each snapshot stands its window's size, wherever it was recorded", () => {
  assert.deepEqual(shape([meta(1, 500), snapshot(2)]), ["4@2:500", "2@2"]);
  assert.deepEqual(shape([snapshot(2)]), ["4@2:800", "2@2"]);
  assert.deepEqual(shape([snapshot(2), scroll(3), meta(4, 500)], [snapshot(5)]), ["4@2:800", "2@2", "3@3", "4@5:500", "2@5"]);
  assert.deepEqual(shape([meta(1, -5), snapshot(2)]), ["4@2:800", "2@2"]);
});

test("nothing is played before there is a page to play it on", () => {
  assert.deepEqual(shape([scroll(1), meta(2, 500), scroll(3)]), []);
  assert.deepEqual(shape([scroll(1), snapshot(2), scroll(3)]), ["4@2:800", "2@2", "3@3"]);
});

test("what is no event that can be played is left out", () => {
  const strange = [
    null,
    7,
    [],
    {},
    { type: 3, timestamp: "5", data: {} },
    { type: 3, timestamp: 5, data: null },
    { type: 3, timestamp: 5, data: { source: 9, id: 1, commands: [] } },
    { type: 3, timestamp: 5, data: { source: 99 } },
    { type: 3, timestamp: 5, data: { source: 1, positions: [] } },
    { type: 3, timestamp: 5, data: { source: 1, positions: "x" } },
    { type: 2, timestamp: 5, data: { node: { type: 2, id: 1 } } },
    { type: 5, timestamp: 5, data: { tag: "x", payload: {} } },
    { type: 3, timestamp: 5, data: { source: 7, id: 1, type: 0 } },
  ];
  assert.deepEqual(shape([snapshot(1), ...strange, scroll(9)]), ["4@1:800", "2@1", "3@9"]);
});

test("a change to the page is complete and clean", () => {
  const add = { parentId: 1, nextId: null, node: { type: 2, id: 5, tagName: "a", attributes: { onclick: "x" }, childNodes: [] } };
  const change = { type: 3, timestamp: 2, data: { source: 0, adds: [add, null, { node: 7 }], attributes: [{ id: 5, attributes: { href: "javascript:x" } }] } };
  const [, , event] = new EventReader(SIZE, new Sources("https:")).read([snapshot(1), change]);
  assert.deepEqual(event?.data, {
    source: 0,
    adds: [{ ...add, node: { ...add.node, attributes: {} } }],
    removes: [],
    texts: [],
    attributes: [{ id: 5, attributes: {} }],
  });
});

test("a popover is opened and closed by what the recorder tells, and nothing else is", () => {
  const popover = { type: 2, id: 5, tagName: "div", attributes: { popover: "" }, childNodes: [] };
  const page = { type: 2, timestamp: 1, data: { node: { type: 0, id: 1, childNodes: [popover] } } };
  const effect = (payload: object) => ({ type: 5, timestamp: 2, data: { tag: "recapt:effect", payload } });
  const reader = new EventReader(SIZE, new Sources("https:"));
  const told = [
    { kind: "popover", id: 5, open: true }, { kind: "popover", id: 5, open: false }, { kind: "popover", id: 6, open: true },
    { kind: "dialog", id: 5, open: true }, { kind: "popover", open: true }, {},
  ];
  const [, , ...changes] = reader.read([effect(told[0]!), page, ...told.map(effect)]);
  const attributes = (state: string) => [{ id: 5, attributes: { "data-recapt-popover": state } }];
  assert.deepEqual(changes.map(({ data }) => (data as { attributes: unknown }).attributes), [attributes("open"), attributes("closed")]);
  assert.deepEqual([...reader.popovers], [5]);
});

test("somebody at the controls is told from a page that moves by itself", () => {
  const source = (source: number) => isInteraction({ type: 3, timestamp: 1, data: { source } } as never);
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 8, 13].map(source), [false, true, true, true, true, true, true, false, false]);
});

test("an event whose fragments came in different chunks is played, and shows nothing that was typed", () => {
  const field = { type: 2, id: 2, tagName: "input", attributes: { value: "a secret" }, childNodes: [] };
  const page = { type: 2, timestamp: 2, data: { node: { type: 0, id: 1, childNodes: [field] } } };
  const text = JSON.stringify(page);
  const piece = (number: number, text: string) => ({
    type: 5,
    timestamp: 2,
    data: { tag: "recapt:fragment", payload: { event: "7", number, of: 2, text } },
  });
  const [first, second] = [piece(1, text.slice(0, 40)), piece(2, text.slice(40))];
  assert.deepEqual(shape([first, scroll(3)], [second, scroll(4)]), ["4@2:800", "2@2", "3@4"]);
  assert.deepEqual(shape([second], [first, scroll(4)]), ["4@2:800", "2@2", "3@4"]);
  assert.deepEqual(shape([first, first, scroll(4)]), []);
  assert.deepEqual(shape([piece(1, "{"), piece(2, "nonsense")]), []);

  const reader = new EventReader(SIZE, new Sources("https:"));
  const typed = { type: 3, timestamp: 3, data: { source: 5, id: 2, text: "more secrets", isChecked: false } };
  const list = JSON.stringify([page, typed]);
  const played = JSON.stringify(reader.read([piece(1, list.slice(0, 90)), piece(2, list.slice(90))]));
  assert.ok(played.includes('"text":"****') && !played.includes("secret"), played);
});
