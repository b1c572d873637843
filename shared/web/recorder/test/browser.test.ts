import assert from "node:assert/strict";
import { test } from "node:test";
import { clock } from "../src/clock";
import { cookiesOf } from "../src/cookies";
import { Handover } from "../src/handover";
import { patch } from "../src/patch";
import { Routes, isPlace } from "../src/route";

test("a patched method does what it did, and is what it was", () => {
  const heard: unknown[] = [];
  const owner: { add(this: unknown, one: number, other: number): number } = {
    add(this: unknown, one: number, other: number) {
      if (one < 0) throw new RangeError("negative");
      return this === owner ? one + other : NaN;
    },
  };
  const { add } = owner;
  const end = patch(owner, "add", (_, args) => {
    heard.push(args);
    if (args[0] === 7) throw new Error("ours");
    return (sum: unknown) => {
      if (args[0] === 8) throw new Error("ours");
      return args[0] === 9 ? Number(sum) + 1 : void heard.push(sum);
    };
  });
  assert.deepEqual([owner.add(1, 2), owner.add(7, 1), owner.add(8, 1), owner.add(9, 1)], [3, 8, 9, 11]);
  assert.throws(() => owner.add(-1, 0), RangeError);
  assert.deepEqual([owner.add.name, owner.add.length], ["add", 2]);
  assert.deepEqual([...heard], [[1, 2], 3, [7, 1], [8, 1], [9, 1], [-1, 0]]);
  end();
  assert.equal(owner.add, add);

  const again = patch(owner, "add", () => void heard.push("again"));
  const below = owner.add;
  owner.add = (one, other) => below.call(owner, one, other);
  const onTop = owner.add;
  again();
  assert.equal(owner.add, onTop);
  assert.equal(owner.add(1, 1), 2);
  assert.ok(!heard.includes("again"));

  const frozen = Object.freeze({ add });
  patch(frozen, "add", () => {});
  assert.equal(frozen.add, add);
  patch(undefined, "add", () => {})();
  patch({}, "add", () => {})();
});

test("the time is the browser's, whatever stands in the place of the clock", () => {
  const isNow = (time: unknown) => typeof time === "number" && Math.abs(time - Date.now()) < 5_000;
  assert.ok(isNow(clock()()));
  for (const now of [() => new Date(), () => 7, () => "x", () => Math.floor(Date.now() / 1_000)]) {
    assert.ok(isNow(clock({ now })()), String(now));
  }
});

test("what one page hands over goes to the next, and to no other", () => {
  const jar = { cookie: "" };
  const cookies = {
    get cookie() { return jar.cookie; },
    set cookie(text: string) { jar.cookie = text.includes("max-age=0") ? "other=1" : `other=1; ${text.split(";")[0]}`; },
  };
  const handover = new Handover(cookies, "recapt.k.session");
  assert.equal(handover.take(), undefined);
  handover.give('{"id":"a;b"}');
  assert.deepEqual([handover.take(), handover.take()], ['{"id":"a;b"}', undefined]);
  const sandbox = { get cookie(): string { throw new Error("sandbox"); }, set cookie(_: string) { throw new Error("sandbox"); } };
  const none = new Handover(cookiesOf(sandbox), "x");
  none.give("x");
  assert.equal(none.take(), undefined);
});

test("routes of a fragment are told apart and not kept, and a place on the page is none", () => {
  const place = (fragment: string) => fragment === "place";
  const address = "https://shop.example/";
  const numbers = (...fragments: string[]) => {
    const routes = new Routes(place);
    return fragments.map((fragment) => routes.number(address + fragment));
  };
  assert.deepEqual(numbers("", "#a", "#place", "#b", "#a", ""), [undefined, 1, 1, 2, 1, undefined]);
  assert.deepEqual(numbers("#/start", "#/orders", "#/start", "", "#a#b"), [undefined, 1, undefined, 2, 3]);
  assert.deepEqual(numbers("#place", "", "#a"), [undefined, undefined, 1]);
  const many = numbers(...Array.from({ length: 3_000 }, (_, at) => `#${at}`));
  assert.equal(new Set(many).size, 1_001);
});

test("a place is found as browsers find it", () => {
  const page = {
    getElementById: (id: string) => (id === "größe" ? {} : null),
    getElementsByName: (name: string) => (name === "old" ? [{}] : []),
  };
  const found = ["größe", "gr%C3%B6%C3%9Fe", "old", "top", "TOP", "orders", "%E0%A4%A"].map((fragment) => isPlace(page as never, fragment));
  assert.deepEqual(found, [true, true, true, true, true, false, false]);
});

