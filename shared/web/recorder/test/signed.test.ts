// Names that a site's backend has signed.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { type Aliases, Identity } from "../src/identity/identity";
import { jwtNames } from "../src/identity/jwt";
import { memory } from "./tab";

const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;

/** An identity whose server answers these, then takes everything; and what was sent. */
function identity(...answers: string[]) {
  const told: Aliases[] = [];
  const server = { identify: async (_: string, body: string) => (told.push(JSON.parse(body) as Aliases), answers.shift() ?? "taken") };
  return { identity: new Identity(memory(), "identity", server as never, "s1", () => 0), told };
}

async function settle(): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(60_000);
  }
}

test("a JWT is read without being verified, and what is none names nobody", () => {
  assert.deepEqual(jwtNames(jwt({ user_id: "user-42", email: "ada@example.com" })), { user_id: "user-42", email: "ada@example.com" });
  assert.deepEqual(jwtNames(jwt({ user_id: 42 })), { user_id: "42", email: undefined });
  assert.deepEqual(jwtNames(jwt({ user_id: "Zoë→?>" })).user_id, "Zoë→?>");
  for (const text of ["", "a", "a.b.c", "..", jwt(null), jwt([]), jwt("x")]) {
    assert.equal(jwtNames(text).user_id, undefined, text);
  }
});

test("a JWT alone says who somebody is, and another person's begins another session", () => {
  const { identity: known } = identity();
  known.learn({ intercom_user_jwt: jwt({ user_id: "7", email: "ada@example.com" }) });
  for (const [aliases, contradicts] of [
    [{ user_id: "7" }, false],
    [{ email: "ada@example.com" }, false],
    [{ intercom_user_jwt: jwt({ user_id: 7, exp: 9 }) }, false],
    [{ user_id: "8" }, true],
    [{ email: "bob@example.com" }, true],
    [{ intercom_user_jwt: jwt({ user_id: "8", email: "ada@example.com" }) }, true],
  ] as const) {
    assert.equal(known.contradicts(aliases), contradicts, JSON.stringify(aliases));
  }
});

test("a signature is passed on as it is, and one that says the same again is not", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { identity: known, told } = identity();
  known.learn({ user_id: "7", user_hash: "aa" });
  await settle();
  known.learn({ user_id: "7" });
  await settle();
  assert.deepEqual(told, [{ user_id: "7", user_hash: "aa" }]);

  const first = jwt({ user_id: "7", exp: 1 });
  known.learn({ intercom_user_jwt: first });
  await settle();
  known.learn({ intercom_user_jwt: jwt({ user_id: "7", exp: 2 }) });
  await settle();
  assert.deepEqual(told.slice(1), [{ user_id: "7", intercom_user_jwt: first }]);
  mock.timers.reset();
});

test("a hash does not outlive the name that it covers", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { identity: known, told } = identity();
  known.learn({ email: "ada@example.com", user_hash: "aa" });
  await settle();
  known.learn({ user_id: "7" });
  await settle();
  assert.deepEqual(told.at(-1), { email: "ada@example.com", user_id: "7" });
  mock.timers.reset();
});

test("refused names are told no more, the browser's ids without them, and a new signature anew", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { identity: known, told } = identity("never");
  const ended = jwt({ user_id: "7", exp: 1 });
  known.learn({ anonymous_id: "a", intercom_user_jwt: ended });
  await settle();
  known.learn({ intercom_user_jwt: ended });
  await settle();
  assert.deepEqual(told, [{ anonymous_id: "a", intercom_user_jwt: ended }, { anonymous_id: "a" }]);
  const fresh = jwt({ user_id: "7", exp: 2 });
  known.learn({ intercom_user_jwt: fresh });
  await settle();
  assert.deepEqual(told.slice(2), [{ anonymous_id: "a", intercom_user_jwt: fresh }]);
  mock.timers.reset();
});
