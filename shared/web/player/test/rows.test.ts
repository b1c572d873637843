import assert from "node:assert/strict";
import { test } from "node:test";
import { Rows } from "../src/rows";

/** As much of an element as the list needs, of a page that Node does not have. */
class Box {
  readonly attributes = new Map<string, string>();
  readonly style: Record<string, string> = {};
  readonly classList = { add: () => {} };
  children: Box[] = [];
  scrollTop = 0;
  clientHeight = 600;
  clientWidth = 300;
  offsetHeight = 36;
  tabIndex = 0;

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }
  append(...children: Box[]): void {
    this.children.push(...children);
  }
  replaceChildren(): void {
    this.children = [];
  }
  insertBefore(child: Box, next: Box | null): void {
    this.children.splice(next ? this.children.indexOf(next) : this.children.length, 0, child);
    child.remove = () => (this.children = this.children.filter((other) => other !== child));
  }
  remove: () => void = () => {};
  querySelectorAll(): Box[] {
    return this.children;
  }
  addEventListener(): void {}
  scrollTo(): void {}
}

const page = {
  document: { createElement: () => new Box() },
  matchMedia: () => ({ matches: true }),
  ResizeObserver: class {
    observe(): void {}
  },
};

test("one row is marked as the current one, whatever rows come while it is", () => {
  Object.assign(globalThis, page);
  const list = new Box();
  const made = (shown: unknown) => shown as HTMLElement;
  const rows = new Rows<number>(made(new Box()), made(list), {
    at: (item) => item,
    key: (item) => `${item}`,
    draw: () => [made(new Box())],
  });
  const current = () => list.children.flatMap((row, index) => (row.children[0]?.attributes.has("aria-current") ? [index] : []));
  rows.set([1_000, 2_000, 3_000]);
  rows.follow(2_000);
  assert.deepEqual(current(), [1]);
  rows.set([1_000, 2_000, 3_000, 4_000]);
  rows.follow(4_000);
  assert.deepEqual(current(), [3]);
  rows.set([500, 1_000, 2_000, 3_000, 4_000]);
  rows.follow(1_000);
  assert.deepEqual(current(), [1]);
});
