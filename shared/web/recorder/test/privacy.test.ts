import assert from "node:assert/strict";
import { test } from "node:test";
import shared from "../../../replay/tests/masking.json";
import { attribute } from "../src/privacy/attribute";
import { cleanLine } from "../src/privacy/console";
import { masks, stars, typed } from "../src/privacy/mask";
import { cleanFile, cleanRequest } from "../src/privacy/request";
import { scrub } from "../src/privacy/text";
import { url } from "../src/privacy/url";

// The cases of `shared`: the server's rules have to pass them as well (shared/replay/src/privacy.rs).

test("urls lose query, fragment and credentials", () => {
  for (const { given, kept } of shared.urls) {
    assert.equal(url(given), kept, given);
  }
});

test("texts lose what is personal or secret and keep the rest", () => {
  for (const { given, kept } of shared.texts) {
    assert.equal(scrub(given), kept, given);
  }
});

test("scrubbing takes no longer than its text is long", () => {
  for (const text of ["@", "a@", "1-", "://", "?=", "\"'", "eyJ "].map((part) => part.repeat(200_000))) {
    const start = performance.now();
    scrub(text);
    assert.ok(performance.now() - start < 5_000, text.slice(0, 4));
  }
});

test("lines of the console are scrubbed, as texts and as objects, and bounded", () => {
  const argument = (value: unknown) => JSON.stringify(value);
  const line = cleanLine({
    level: "error",
    trace: ["https://shop.example/app.js?key=s3cret:1:2", "buy (https://shop.example/app.js?v=17:30:2)", "[native code]"],
    payload: [argument("Uncaught Error: no jane@example.com"), argument({ password: "hunter2" }), argument("x ".repeat(5_000))],
  });
  const frames = ["https://shop.example/app.js:1:2", "buy (https://shop.example/app.js:30:2)", "[native code]"];
  assert.deepEqual(line.trace, frames, "line and column stay");
  assert.equal(line.payload[0], argument("Uncaught Error: no […]"));
  assert.ok(!JSON.stringify(line).includes("hunter2") && !JSON.stringify(line).includes("s3cret"));
  assert.ok((line.payload[2] ?? "").length < 1_100);
});

test("a request is told without its query, and only if it says something", () => {
  const told = (name: string, status?: number) => cleanRequest({ name, initiatorType: "fetch", status }, "www.shop.example");
  for (const [name, status, expected] of [
    ["https://www.shop.example/api?sku=1", 200, "https://www.shop.example/api"],
    ["https://api.shop.example/v1", undefined, "https://api.shop.example/v1"],
    ["https://ads.example/track", undefined, undefined],
    ["https://pay.example/card?n=1", 402, "https://pay.example/card"],
  ] as const) {
    assert.equal(told(name, status)?.name, expected, name);
  }
  const file = (status?: number) => cleanFile({ name: "https://cdn.example/a.png?x", initiatorType: "img", status });
  assert.deepEqual([file(404)?.name, file(200), file()], ["https://cdn.example/a.png", undefined, undefined]);
  const withBody = { name: "https://cdn.example/a.png", initiatorType: "img", status: 500, requestBody: "secret" };
  assert.ok(!("requestBody" in (cleanFile(withBody) ?? {})));
});

test("attributes are kept as far as a replay needs them", () => {
  const kept = (tag: string, name: string, value: string, more: object = {}) =>
    attribute({ tag, isMasked: () => false, ...more }, name, value);
  const masked = { isMasked: () => true };
  for (const [shown, expected] of [
    [kept("a", "href", "/reset?token=abc#x"), "/reset"],
    [kept("form", "action", "/pay?card=1"), "/pay"],
    [kept("img", "src", "https://cdn.example/a.png?w=2"), "https://cdn.example/a.png?w=2"],
    [kept("iframe", "rr_src", "https://a.example/?u=1"), "https://a.example/"],
    [kept("input", "value", "csrf-token-1", { type: "hidden" }), "************"],
    [kept("input", "value", "C:\\fakepath\\cv.pdf", { type: "file" }), "********************"],
    [kept("input", "value", "Pay now", { type: "submit" }), "Pay now"],
    [kept("input", "value", "jane@example.com", { type: "button" }), "[…]"],
    [kept("div", "title", "Mail jane@example.com"), "Mail […]"],
    [kept("div", "title", "Balance 12", masked), "******* **"],
    [kept("div", "data-user", "jane@example.com"), "[…]"],
    [kept("div", "class", "balance", masked), "balance"],
    [kept("div", "onclick", "pay('jane')"), ""],
    [kept("iframe", "srcdoc", "<p>Jane"), ""],
    [kept("meta", "content", "s3cret", { name: "csrf-token" }), ""],
    [kept("meta", "content", "width=device-width", { name: "viewport" }), "width=device-width"],
    [kept("link", "_cssText", "a{color:red}"), "a{color:red}"],
  ]) {
    assert.equal(shown, expected);
  }
});

test("stars hide texts, and how long typed ones are", () => {
  assert.equal(stars("Jane Doe"), "**** ***");
  assert.equal(typed("hunter2"), typed("hunter22"));
  assert.equal(typed(""), "");
});

test("a selector that the browser does not understand is an error, not a mask that masks nothing", () => {
  const settings = { writeKey: "k", endpoint: "e", sample: 1, maskAllText: false, mask: "p[" };
  const understands = (selector: string) => {
    if (selector.includes("p[")) throw new SyntaxError(selector);
  };
  assert.throws(() => masks(settings, understands), SyntaxError);
  assert.match(masks({ ...settings, mask: ".price" }, understands).mask, /data-recapt-mask.*\.price/);
});
