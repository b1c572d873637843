import assert from "node:assert/strict";
import { test } from "node:test";
import { remember, remembered } from "../src/preferences";

function storage(): { getItem: (name: string) => string | null; setItem: (name: string, value: string) => void } {
  const held = new Map<string, string>();
  return { getItem: (name) => held.get(name) ?? null, setItem: (name, value) => void held.set(name, value) };
}

const USUAL = { speed: 1, skipsIdle: true };

test("what was chosen is remembered", () => {
  const place = storage();
  assert.deepEqual(remembered(place), USUAL);
  remember({ speed: 4, skipsIdle: false }, place);
  assert.deepEqual(remembered(place), { speed: 4, skipsIdle: false });
});

test("without a place for it, or with anything else in it, it is as usual", () => {
  const refusing = { getItem: () => { throw new Error("no"); }, setItem: () => { throw new Error("no"); } };
  remember(USUAL, refusing);
  remember(USUAL, null);
  for (const place of [null, refusing]) assert.deepEqual(remembered(place), USUAL);
  for (const held of ["", "null", "7", "{", '{"speed":900,"skipsIdle":"yes"}', '{"speed":"2"}']) {
    assert.deepEqual(remembered({ getItem: () => held, setItem: () => {} }), USUAL, held);
  }
});
