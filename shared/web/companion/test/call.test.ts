import assert from "node:assert/strict";
import { test } from "node:test";
import { memory } from "../../recorder/test/tab";
import { event } from "../src/analytics/event";
import { parse } from "../src/call";
import { Person } from "../src/person";
import { settings } from "../src/settings";

const none = { integrations: undefined, context: undefined, intercom: {} };

test("calls are read as analytics clients make them", () => {
  const cases: [unknown, object | undefined][] = [
    [["track", "Bought", { price: 3 }], { type: "track", event: "Bought", traits: { price: 3 }, options: none }],
    [["track"], undefined],
    [["track", { name: "Bought" }], undefined],
    [["page"], { type: "page", name: undefined, category: undefined, traits: {}, options: none }],
    [["page", "Home", { a: 1 }], { type: "page", name: "Home", category: undefined, traits: { a: 1 }, options: none }],
    [["page", "Docs", "Index"], { type: "page", name: "Index", category: "Docs", traits: {}, options: none }],
    [["group", 7, { name: "Acme" }], { type: "group", groupId: "7", traits: { name: "Acme" }, options: none }],
    [["alias", "42"], { type: "alias", userId: "42", previousId: undefined, options: none }],
    [["identify", "42", null], { type: "identify", traits: { user_id: "42" }, options: none, said: "42" }],
    [["identify", null], undefined],
    [["reset"], { type: "reset" }],
    [["stop"], undefined],
    ["track", undefined],
  ];
  for (const [pushed, call] of cases) assert.deepEqual(parse(pushed), call, JSON.stringify(pushed));
});

test("a signature is found wherever Segment's documents put it", () => {
  for (const options of [{ Intercom: { user_hash: "aa" } }, { integrations: { All: false, Intercom: { userHash: "aa" } } }]) {
    const call = parse(["identify", "42", { plan: "pro" }, options]);
    assert.deepEqual(call?.type === "identify" && call.traits, { plan: "pro", user_id: "42", user_hash: "aa" });
  }
});

test("an event says who, when and where, and a person's traits hold no signature", () => {
  const known = { names: { user_id: "42", email: "a@b.example" }, signature: { user_hash: "aa" }, anonymousId: "x", context: { locale: "en" }, messageId: "m", at: 0 };
  const told = (...pushed: unknown[]) => JSON.parse(JSON.stringify(event(parse(pushed)!, known)));
  const common = { messageId: "m", timestamp: "1970-01-01T00:00:00.000Z", anonymousId: "x", userId: "42", integrations: { Intercom: { user_hash: "aa" } } };
  assert.deepEqual(told("identify", { user_id: "42", user_hash: "aa", email: "a@b.example" }), {
    type: "identify", ...common, traits: { email: "a@b.example" }, context: { locale: "en" },
  });
  const context = { locale: "en", traits: { email: "a@b.example" }, active: false };
  const options = { integrations: { All: false, Intercom: false }, context: { active: false } };
  assert.deepEqual(told("track", "Bought", { at: new Date(0) }, options), {
    type: "track", ...common, event: "Bought", properties: { at: "1970-01-01T00:00:00.000Z" }, context, integrations: options.integrations,
  });
  assert.deepEqual(told("alias", "42", "41"), { type: "alias", ...common, previousId: "41", context: { locale: "en", traits: context.traits } });
});

test("a person stays from page to page, and a signature as long as it covers the names", () => {
  const [browser, tab] = [memory(), memory()];
  const world = { time: 0 };
  const person = () => new Person(browser, tab, "person", () => world.time);
  const identify = (traits: object) => person().learn(traits as Record<string, unknown>);
  assert.equal(identify({ user_id: 42, user_hash: "aa" }), false);
  assert.equal(identify({ email: "a@b.example" }), false);
  assert.deepEqual(person().names, { user_id: "42", email: "a@b.example" });
  assert.deepEqual(person().signature, { user_hash: "aa" });
  // Another tab knows who it is, and has to be told the signature.
  assert.deepEqual(new Person(browser, memory(), "person", () => 0).signature, {});
  assert.equal(identify({ user_id: "43" }), true);
  assert.deepEqual([person().names, person().signature], [{ user_id: "43" }, {}]);
  const jwt = `e30.${btoa(JSON.stringify({ user_id: "44", email: "d@b.example", exp: 60 }))}.x`;
  assert.equal(identify({ intercom_user_jwt: jwt, user_hash: "aa" }), true);
  assert.deepEqual([person().names, person().signature], [{ user_id: "44", email: "d@b.example" }, { intercom_user_jwt: jwt }]);
  world.time = 60_000;
  assert.deepEqual(person().signature, {});
  // Another user id for the same person, who is not signed under it.
  assert.equal(person().take(parse(["alias", "45"])!), false);
  assert.deepEqual([person().names, person().signature], [{ user_id: "45", email: "d@b.example" }, {}]);
  assert.equal(person().take({ type: "reset" }), true);
  assert.deepEqual([person().names, person().signature], [{}, {}]);
});

test("a signed address covers nothing once there is a user id", () => {
  const person = new Person(memory(), memory(), "person", () => 0);
  person.learn({ email: "a@b.example", user_hash: "aa" });
  assert.deepEqual(person.signature, { user_hash: "aa" });
  person.learn({ user_id: "42" });
  assert.deepEqual(person.signature, {});
});

test("a tag asks for what it names", (context) => {
  const warn = context.mock.method(console, "warn", () => {});
  assert.deepEqual(settings({}), { isAnalytics: false, messenger: undefined });
  assert.deepEqual(settings({ analytics: "" }), { isAnalytics: true, messenger: undefined });
  const { isAnalytics, messenger } = settings({ analytics: "false", intercomAppId: "a", intercomRegion: "AU" });
  assert.deepEqual([isAnalytics, messenger?.apiBase, messenger?.script], [false, "https://api-iam.au.intercom.io", "https://widget.intercom.io/widget/"]);
  assert.equal(warn.mock.callCount(), 0);
  assert.equal(settings({ intercomAppId: "a", intercomRegion: "mars" }).messenger?.apiBase, "https://api-iam.intercom.io");
  assert.equal(warn.mock.callCount(), 1);
});
