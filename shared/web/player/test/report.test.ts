import assert from "node:assert/strict";
import { test } from "node:test";
import type { Asked, Line } from "../src/log";
import type { Moment } from "../src/moments";
import { type Reported, code, escaped, report } from "../src/report";

function moment(at: number, kind: string, label: string, more: Partial<Moment> = {}): Moment {
  return { at, last: at, kind, label, text: label, count: 1, fingerprint: null, idleMs: null, ...more };
}

const line = (text: string, more: Partial<Line> = {}): Line => ({ at: 0, level: "error", thrown: false, text, stack: [], fingerprint: null, ...more });
const asked: Asked = { at: 0, method: "POST", url: "https://shop.example/api/cart", status: 500, duration: 1_234.4, outcome: "refused", fingerprint: null };

const given: Reported = {
  at: 1_729_000,
  startedAt: Date.UTC(2026, 10, 20, 8, 0, 0),
  link: "https://recapt.example/sessions/s?t=1729",
  moments: [
    moment(1_000, "page", "https://shop.example/", { text: "Opened / (front page)" }),
    moment(2_000, "js_error", "long ago", { text: "JavaScript error: long ago" }),
    moment(1_500_000, "page", "https://shop.example/cart", { text: "Opened /cart" }),
    moment(1_600_000, "idle", "Idle for 20 s"),
    moment(1_700_000, "rage_click", 'Rage click on "Buy"', { count: 4, last: 1_720_000 }),
    moment(1_728_000, "js_error", "coupon.apply is not a function", { text: "JavaScript error: coupon.apply is not a function", fingerprint: "f" }),
    moment(1_728_500, "failed_request", "POST https://shop.example/api/cart: 500"),
    moment(1_900_000, "js_error", "much later"),
  ],
  lines: [line("other", { stack: ["other (b.js:1:1)"] }), line("coupon.apply is not a function", { fingerprint: "f", stack: ["apply (https://shop.example/app.js:12:3)", "onclick (https://shop.example/app.js:40:9)"] })],
  requests: [asked],
  environment: [["Browser", "Chrome 140"], ["Window", "1280 × 800"]],
};

test("a report tells what happened before, what went wrong and where", () => {
  assert.equal(
    report(given),
    `## JavaScript error: coupon.apply is not a function

- **Recording:** https://recapt.example/sessions/s?t=1729
- **When:** 2026-11-20 08:28:49 UTC, 28:49 into the recording

### Steps

1. 25:00 Opened /cart
2. 28:20 Rage click on "Buy"
3. 28:48 JavaScript error: coupon.apply is not a function
4. 28:48 POST https\\://shop.example/api/cart: 500

### Problems

- **28:48** JavaScript error: coupon.apply is not a function

  \`\`\`
  apply (https://shop.example/app.js:12:3)
  onclick (https://shop.example/app.js:40:9)
  \`\`\`
- **28:20** (4 times, last 28:40) Rage click on "Buy"
- **28:48** POST https\\://shop.example/api/cart: 500
  \`POST https://shop.example/api/cart\`: 500, 1234 ms

### Pages

- \`https://shop.example/cart\`

### Environment

- Browser: Chrome 140
- Window: 1280 × 800
`,
  );
});

test("a report of a visit in which nothing went wrong says so", () => {
  const calm = report({ ...given, moments: given.moments.filter(({ kind }) => kind === "page"), lines: [], requests: [] });
  assert.match(calm, /^## What happened on `https:\/\/shop\.example\/cart`$/m);
  assert.match(calm, /None in the ten minutes before\./);
  assert.match(report({ ...given, moments: [], environment: [] }), /Nothing was recorded in the ten minutes before\./);
});

test("equal problems are told once, with how often", () => {
  const again = [1_700_000, 1_710_000, 1_720_000].map((at) => moment(at, "console_error", `timeout after ${at}`, { fingerprint: "same" }));
  const text = report({ ...given, moments: again });
  assert.equal(text.match(/^- \*\*/gm)?.length, 3, "where, when, and one problem");
  assert.match(text, /3 times, last 28:40/);
});

test("what comes from a page is text in a report, whatever it says", () => {
  for (const [hostile, shown] of [
    ["![x](https://evil.example/a.png)", "\\!\\[x\\](https\\://evil.example/a.png)"],
    ["<img src=x>", "\\<img src=x\\>"],
    ["a\n\n# Heading\n- item", "a \\# Heading - item"],
    ["`code` **bold** _it_ ~~no~~ a|b", "\\`code\\` \\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ a\\|b"],
    ["@admins look", "@\u200badmins look"],
    ["&commat;admins look", "\\&commat;admins look"],
    ["&#64;admins look", "\\&\\#64;admins look"],
    ["&lt;img src=x&gt;", "\\&lt;img src=x\\&gt;"],
    ["www.evil.example", "www\\.evil.example"],
    ["\u202egnp.exe\u0000", "gnp.exe"],
    ["$x$ {y}", "\\$x\\$ \\{y\\}"],
  ] as const) {
    assert.equal(escaped(hostile), shown, hostile);
    const told = report({ ...given, moments: [moment(1_720_000, "js_error", hostile)] });
    assert.ok(!told.includes("\n# Heading") && !/(^|[^\\])<img/.test(told) && !/(^|[^\\])!\[/.test(told), told);
  }
});

test("code stays code whatever is in it", () => {
  for (const [text, shown] of [
    ["plain", "`plain`"],
    ["a`b", "``a`b``"],
    ["`a`", "`` `a` ``"],
    ["a```b\nc", "````a```b c````"],
    ["", ""],
  ] as const) {
    assert.equal(code(text), shown);
  }
  const fenced = report({ ...given, lines: [line("coupon.apply is not a function", { fingerprint: "f", stack: ["```` (a.js:1:1)", "\n```\n# out"] })] });
  assert.match(fenced, /^ {2}`{5}\n {2}```` \(a\.js:1:1\)\n {2}``` # out\n {2}`{5}$/m);
});

test("what began before the ten minutes and went on into them belongs to a report", () => {
  const on = moment(1_100_000, "rage_click", "Rage click", { count: 3, last: 1_700_000 });
  const over = moment(1_100_000, "dead_click", "Dead click", { count: 2, last: 1_128_000 });
  const text = report({ ...given, moments: [over, on] });
  assert.match(text, /Rage click/);
  assert.doesNotMatch(text, /Dead click/);
});

test("equal problems were there last when the latest of them was", () => {
  const [long, short] = [{ last: 1_727_000, count: 5 }, { last: 1_710_000, count: 1 }];
  const again = [long, short].map((more, index) => moment(1_700_000 + index * 1_000, "console_error", "no", { ...more, fingerprint: "same" }));
  assert.match(report({ ...given, moments: again }), /6 times, last 28:47/);
});

test("what is not known is neither in a heading nor matched with anything", () => {
  const unknown = report({ ...given, moments: [], lines: [], requests: [] });
  assert.match(unknown, /^## What happened$/m);
  const nameless = [moment(1_728_000, "js_error", "", { text: "JavaScript error" }), moment(1_728_500, "failed_request", "POST /api")];
  const text = report({ ...given, moments: nameless, requests: [{ ...asked, url: "" }] });
  assert.doesNotMatch(text, /other \(b\.js|500, 1234 ms/);
});
