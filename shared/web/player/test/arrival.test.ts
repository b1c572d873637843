// The script of the settings page, which has no bundle of its own: how it waits for a session.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const SETTINGS = "../../functions/settings";
const script = readFileSync(`${SETTINGS}/templates/settings.js`, "utf8");
const [old, fresh] = [...readFileSync(`${SETTINGS}/src/view/mod.rs`, "utf8").matchAll(/"(Waiting for .*)"/g)].map(([, text]) => text ?? "");

type Answer = { status?: number; ok?: boolean; json: () => Promise<unknown> };

const told = (value: unknown): Answer => ({ status: 200, ok: true, json: async () => value });
const broken: Answer = { status: 200, ok: true, json: async () => JSON.parse("<html>") };

/** What the page says after these answers, and whether it asks on. */
async function waited(text: string | undefined, answers: readonly (Answer | Error)[]) {
  const waiting = { textContent: text, className: "notice", dataset: { ask: "/first-session" }, append: () => {} };
  const timers: (() => unknown)[] = [];
  const left = [...answers];
  const fetch = async () => {
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const document = { hidden: false, querySelectorAll: () => [], getElementById: () => waiting, createElement: () => ({}) };
  const run = new Function("document", "fetch", "setTimeout", script);
  run(document, fetch, (next: () => unknown) => timers.push(next));
  for (const _ of answers) await timers.shift()?.();
  return { said: waiting.textContent?.trim(), asksOn: timers.length > 0 };
}

test("a session that arrives is the first of a new workspace alone", async () => {
  const arrived = told({ has_arrived: true, page: "/sessions/s" });
  assert.deepEqual(await waited(fresh, [arrived]), { said: "The first session has arrived.", asksOn: false });
  assert.deepEqual(await waited(old, [arrived]), { said: "A session has arrived.", asksOn: false });
});

test("whatever an answer is, the page asks on, until it says that nobody is signed in", async () => {
  for (const answer of [new TypeError("no"), broken, told(null), told({ has_arrived: false }), { ...broken, ok: false, status: 503 }]) {
    assert.deepEqual(await waited(fresh, [answer]), { said: fresh, asksOn: true });
  }
  assert.equal((await waited(fresh, [{ ...broken, ok: false, status: 401 }])).asksOn, false);
});
