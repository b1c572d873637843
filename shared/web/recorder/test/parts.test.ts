import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { EventType } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";
import { aliases, run } from "../src/api";
import { Buffer as Events, FULL_AT } from "../src/buffer";
import { Identity } from "../src/identity/identity";
import { visitorId, watchVisitorId } from "../src/identity/intercom";
import { anonymousId, forgetAnonymousId } from "../src/identity/visitor";
import { PageEvents } from "../src/page";
import { parse } from "../src/settings";
import { memory } from "./tab";

test("a tag is gone by as far as it makes sense", () => {
  const tag = (dataset: Record<string, string>) => parse({ src: "https://recapt.example/recorder.js", dataset });
  assert.deepEqual(tag({ writeKey: "k" }), {
    writeKey: "k", endpoint: "https://recapt.example", sample: 1, maskAllText: false, mask: undefined, block: undefined,
  });
  const all = tag({ writeKey: "k", endpoint: "https://in.example//", sample: "0.25", maskAllText: "", mask: ".price" });
  assert.deepEqual(all, {
    writeKey: "k", endpoint: "https://in.example", sample: 0.25, maskAllText: true, mask: ".price", block: undefined,
  });
  for (const wrong of [{}, { writeKey: "" }, { writeKey: "k", sample: "half" }, { writeKey: "k", sample: "" },
    { writeKey: "k", sample: "1.5" }, { writeKey: "k", endpoint: "nowhere" }]) {
    assert.ok(tag(wrong as Record<string, string>) instanceof Error, JSON.stringify(wrong));
  }
});

test("events are written down in order, and a chunk ends before the next snapshot", () => {
  const event = (type: EventType, timestamp: number, data: object = {}) => ({ type, timestamp, data }) as eventWithTime;
  const events = new Events();
  events.add(event(EventType.Load, 5));
  assert.equal(events.endsBefore(event(EventType.Meta, 6)), false);
  events.add(event(EventType.FullSnapshot, 7));
  assert.equal(events.endsBefore(event(EventType.Meta, 8)), true);
  const changing = event(EventType.Custom, 6, { value: 1 });
  events.add(changing);
  (changing.data as { value: number }).value = 2;
  const taken = JSON.parse(events.take().join()) as eventWithTime[];
  assert.deepEqual(taken.map(({ timestamp }) => timestamp), [5, 7, 7]);
  assert.deepEqual(taken[2]?.data, { value: 1 });
  assert.equal(events.isEmpty, true);
  events.add(event(EventType.Custom, 9, { text: "x".repeat(FULL_AT) }));
  assert.equal(events.isFull, true);
});

test("a page tells the browser once, and its routes without their queries", () => {
  const location = { href: "https://shop.example/#/a?token=1" };
  const page = new PageEvents({ navigator: { userAgent: "UA", language: "en" }, location, timeZone: () => "Europe/Dublin", isPlace: () => false });
  const meta = { href: "" };
  const before = (type: EventType) => page.before({ type, data: meta, timestamp: 7 } as never).map(({ data }) => data);
  const context = { tag: "recapt:context", payload: { userAgent: "UA", language: "en", timezone: "Europe/Dublin", records: ["console", "requests"] } };
  assert.deepEqual(before(EventType.Meta), [context]);
  assert.deepEqual(before(EventType.IncrementalSnapshot), []);
  location.href = "https://shop.example/cart?token=1";
  const navigation = { tag: "recapt:navigation", payload: { href: "https://shop.example/cart", route: 1 } };
  assert.deepEqual(before(EventType.IncrementalSnapshot), [navigation]);
  location.href = "https://shop.example/cart?token=2";
  assert.deepEqual(before(EventType.IncrementalSnapshot), []);
  page.tellAnew();
  assert.deepEqual(before(EventType.IncrementalSnapshot), [context]);
  // A snapshot in between, or with the change, is on that route.
  meta.href = "https://shop.example/cart";
  assert.deepEqual([before(EventType.Meta), meta.href], [[], "https://shop.example/cart#/1"]);
  location.href = "https://shop.example/cart#/b";
  meta.href = "https://shop.example/cart";
  assert.deepEqual([before(EventType.Meta), meta.href], [[], "https://shop.example/cart#/2"]);
  assert.deepEqual(before(EventType.IncrementalSnapshot), []);
});

test("what a site pushes is done as far as it is understood", () => {
  const done: unknown[] = [];
  const commands = { identify: (person: object) => done.push(person), stop: () => done.push("stop"), reset: () => done.push("reset") };
  for (const call of [["identify", { email: "a@b.example" }], ["identify"], ["identify", ""], ["identify", true], ["stop"], ["reset"], ["other"], null, 7, {}]) {
    run(commands as never, call);
  }
  assert.deepEqual(done, [{ email: "a@b.example" }, "stop", "reset"]);
  // As analytics clients say it: the user id, traits, and options with a signature.
  done.length = 0;
  for (const options of [{ Intercom: { user_hash: "aa" } }, { integrations: { Intercom: { userHash: "aa" } } }, undefined]) {
    run(commands as never, ["identify", "42", { email: "a@b.example" }, options]);
  }
  const named = { email: "a@b.example", user_id: "42" };
  assert.deepEqual(done, [{ ...named, user_hash: "aa" }, { ...named, user_hash: "aa" }, named]);
  assert.deepEqual(aliases({ email: "a@b.example", user_id: 7 }), { email: "a@b.example", user_id: "7" });
  assert.deepEqual(aliases({ email: null, user_id: {}, user_hash: true }), {});
  const signed = { user_hash: "ee55", intercom_user_jwt: "a.b.c" };
  assert.deepEqual(aliases(signed), signed);
});

test("a browser keeps its id in the site's storage, else in a cookie, and forgets it when told", () => {
  const jar = { cookie: "" };
  const cookies = {
    get cookie() { return jar.cookie; },
    set cookie(text: string) { jar.cookie = text.includes("max-age=0") ? "" : (text.split(";")[0] ?? ""); },
  };
  const storage = memory();
  assert.equal(anonymousId(storage, cookies, () => "a1"), "a1");
  assert.equal(anonymousId(storage, cookies, () => "a2"), "a1");
  forgetAnonymousId(storage, cookies);
  assert.equal(anonymousId(storage, cookies, () => "a3"), "a3");

  const none = { ...memory(), setItem: () => { throw new Error("denied"); } };
  assert.equal(anonymousId(none, cookies, () => "a4"), "a4");
  assert.equal(anonymousId(none, cookies, () => "a5"), "a4");
  assert.equal(anonymousId(none, { get cookie() { return ""; }, set cookie(_: string) {} }, () => "a6"), undefined);
});

test("Intercom's visitor is asked of the Messenger, else read in its cookie, and not for ever", () => {
  const cookies = { cookie: "a=1; intercom-id-abc123=v-cookie; b=2" };
  assert.equal(visitorId(() => "v-1", cookies), "v-1");
  for (const messenger of [undefined, () => null, () => undefined, () => { throw new Error("broken"); }]) {
    assert.equal(visitorId(messenger, cookies), "v-cookie");
    assert.equal(visitorId(messenger, { cookie: "" }), undefined);
  }
  mock.timers.enable({ apis: ["setTimeout"] });
  const found: string[] = [];
  let asked = 0;
  watchVisitorId(() => ((asked += 1) === 3 ? "v-1" : undefined), (id) => found.push(id));
  const wait = () => Array.from({ length: 100 }, () => mock.timers.tick(60_000));
  wait();
  assert.deepEqual([found, asked], [["v-1"], 3]);
  watchVisitorId(() => void (asked += 1), (id) => found.push(id));
  wait();
  assert.ok(found.length === 1 && asked < 15, `${asked}`);
  mock.timers.reset();
});

test("a page that comes back to a session that another page has begun does not say whose the one before was", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const tab = memory();
  const server = { identify: async () => "taken" };
  const open = () => new Identity(tab, "identity", server as never, "s1", () => 0);
  const [first, second] = [open(), open()];
  first.learn({ user_id: "ada" });
  second.learn({ user_id: "ada" });
  // Ada signs out on the second page, and somebody goes back to the first.
  second.renew("s2");
  second.renew("s2", { anonymous_id: "b" });
  first.renew("s2");
  assert.equal(first.contradicts({ user_id: "bob" }), false);
  first.renew("s3");
  assert.deepEqual(JSON.parse(tab.getItem("identity") ?? ""), { session: "s3", known: { anonymous_id: "b" }, told: "" });
  mock.timers.reset();
});

test("who somebody is is told once for a session, and again when there is more", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const told: string[] = [];
  const answers = ["later", "taken", "taken", "never"];
  const server = { identify: async (session: string, body: string) => (told.push(`${session} ${body}`), answers.shift() ?? "taken") };
  const settle = async () => {
    for (let round = 0; round < 10; round += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(60_000);
    }
  };
  const tab = memory();
  const identity = new Identity(tab, "identity", server as never, "s1", () => 0);
  identity.learn({ anonymous_id: "a" });
  identity.learn({ email: "ada@example.com" });
  await settle();
  const both = '{"anonymous_id":"a","email":"ada@example.com"}';
  assert.deepEqual(told, [`s1 ${both}`, `s1 ${both}`], "in one request, until it was taken");

  const nextPage = new Identity(tab, "identity", server as never, "s1", () => 0);
  nextPage.learn({ anonymous_id: "a" });
  await settle();
  assert.equal(told.length, 2);
  assert.equal(nextPage.contradicts({ email: "ada@example.com", user_id: "7" }), false);
  assert.equal(nextPage.contradicts({ email: "bob@example.com" }), true);
  nextPage.learn({ user_id: "7" });
  await settle();
  assert.equal(nextPage.contradicts({ email: "new@example.com", user_id: "7" }), false);
  assert.equal(nextPage.contradicts({ user_id: "8" }), true);

  nextPage.renew("s2", { anonymous_id: "b" });
  await settle();
  assert.deepEqual(told.slice(3), ['s2 {"anonymous_id":"b"}'], "what is refused is not sent again");
  mock.timers.reset();
});

test("a huge event is in a chunk of its own, but for what a snapshot begins with", () => {
  const event = (type: EventType, characters: number) => ({ type, data: { text: "x".repeat(characters) }, timestamp: 1 }) as never;
  const huge = 2_000_000;
  for (const [events, expected] of [
    [[event(EventType.Meta, 10), event(EventType.FullSnapshot, huge)], ["42"]],
    [[event(EventType.IncrementalSnapshot, 400_000), event(EventType.IncrementalSnapshot, huge)], ["3", "3"]],
    [[event(EventType.FullSnapshot, huge), event(EventType.Custom, 10)], ["2", "5"]],
    [[event(EventType.IncrementalSnapshot, 400_000), event(EventType.IncrementalSnapshot, 400_000)], ["33"]],
    [[], []],
  ] as const) {
    const buffer = new Events();
    for (const each of events) buffer.add(each);
    const chunks = buffer.take().map((text) => (JSON.parse(text) as { type: number }[]).map(({ type }) => type).join(""));
    assert.deepEqual(chunks, expected);
    assert.deepEqual([buffer.isEmpty, buffer.isFull], [true, false]);
  }
});
