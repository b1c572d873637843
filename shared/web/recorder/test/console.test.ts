import assert from "node:assert/strict";
import { test } from "node:test";
import { consolePlugin } from "../src/console";
import { words } from "../src/words";

test("there are words for whatever is logged or thrown, bounded", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const deep = { a: { b: { c: { d: 1 } } } };
  const bad = { get x() { throw new Error("getter"); } };
  const said = ["text", 7, null, undefined, new TypeError("no"), { name: "AbortError", message: "gone" }, { code: 7 }, [1, "a"], deep, bad, Symbol("s"), 7n];
  assert.deepEqual(said.map(words), [
    "text", "7", "null", "undefined", "TypeError: no", "AbortError: gone", '{"code":7}', '[1,"a"]', '{"a":{"b":{"c":"…"}}}', "[object Object]", "Symbol(s)", "7",
  ]);
  assert.equal(words(circle), '{"self":{"self":{"self":"…"}}}');
  assert.equal(words({ nodeType: 1, nodeName: "BUTTON" }), "<button>");
  assert.ok(words(Array.from({ length: 9_999 }, () => "x".repeat(9_999))).length < 30_000);
});

test("an error that nobody caught is told from one that was logged, whatever was thrown", () => {
  const lines: { payload: string[]; thrown: boolean; level: string; trace: string[] }[] = [];
  const logged: unknown[][] = [];
  const win = Object.assign(new EventTarget(), { console: { error: (...said: unknown[]) => logged.push(said), warn: () => {}, assert: () => {} } });
  const end = consolePlugin().observer?.((line: unknown) => lines.push(line as never), win as never, {});
  const happen = (type: string, fields: object) => win.dispatchEvent(Object.assign(new Event(type), fields));
  const stack = "TypeError: x\n    at buy (https://shop.example/a.js:1:2)\n    at https://shop.example/a.js:3:4\n";
  happen("error", { message: "Uncaught TypeError: x", error: { stack } });
  happen("error", { message: "TypeError: x", error: { stack: "buy@https://shop.example/a.js:1:2\n@https://shop.example/a.js:3:4" } });
  happen("error", { message: "Uncaught ", error: { name: "AbortError", message: "gone" } });
  happen("error", { message: "uncaught exception: [object Object]", error: { code: 7 } });
  happen("error", { message: "Script error.", error: null });
  happen("error", {});
  happen("unhandledrejection", { reason: "no" });
  win.console.error("low", 7);
  (win.console.assert as (...said: unknown[]) => void)(true, "holds");
  (win.console.assert as (...said: unknown[]) => void)(false, "fails");
  assert.deepEqual(lines.map(({ payload, thrown }) => [payload.map((text) => JSON.parse(text) as string).join(" "), thrown]), [
    ["Uncaught TypeError: x", true],
    ["TypeError: x", true],
    ["Uncaught AbortError: gone", true],
    ['Uncaught {"code":7}', true],
    ["Script error.", true],
    ["Uncaught (in promise) no", true],
    ["low 7", false],
    ["fails", false],
  ]);
  const trace = ["buy (https://shop.example/a.js:1:2)", "https://shop.example/a.js:3:4"];
  assert.deepEqual([lines[0]?.trace, lines[1]?.trace, lines[4]?.trace], [trace, trace, []]);
  assert.deepEqual(logged, [["low", 7]]);
  for (let at = 0; at < 2_000; at += 1) win.console.error(at);
  assert.equal(lines.length, 500);
  end?.();
  happen("error", { message: "later" });
  assert.equal(lines.length, 500);
});
