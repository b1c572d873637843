import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { attributes, companyOf } from "../src/messenger/attributes";
import { signed } from "../src/messenger/signed";
import { GATHERED_MS, MOST, Updates, WITHIN_MS } from "../src/messenger/updates";

test("traits are told as the Messenger takes them", () => {
  const cases: [object, object][] = [
    [{ plan: "pro", seats: 4, isPaying: true, domain: null }, { plan: "pro", seats: 4, isPaying: true, domain: null }],
    // Dates: by their type, by their form, by their name; ISO, seconds, milliseconds, also as texts.
    [{ createdAt: "2009-02-13T23:31:30Z" }, { created_at: 1234567890 }],
    [{ created_at: 1234567890 }, { created_at: 1234567890 }],
    [{ created: 1234567890123 }, { created_at: 1234567890 }],
    [{ last_order_at: "1234567890" }, { last_order_at: 1234567890 }],
    [{ trialEnds: new Date(1234567890000) }, { trialEnds_at: 1234567890 }],
    [{ renewedAt: "2009-02-13" }, { renewedAt: 1234483200 }],
    [{ seen_at: "yesterday" }, { seen_at: "yesterday" }],
    [{ version: "2009-02" }, { version: "2009-02" }],
    // What has no place at Intercom.
    [{ nested: { a: 1 }, list: [1], nothing: undefined, not: NaN, call: () => 1 }, {}],
    [{ user_id: null, email: "", phone: null }, { phone: null }],
    [{ firstName: "Ada", lastName: "Lovelace" }, { name: "Ada Lovelace", firstName: "Ada", lastName: "Lovelace" }],
    [{ name: "Ada", firstName: "A" }, { name: "Ada", firstName: "A" }],
    [{ avatar: "https://x.example/a.png" }, { avatar: { type: "avatar", image_url: "https://x.example/a.png" } }],
    [{ unsubscribedFromEmails: true }, { unsubscribed_from_emails: true }],
    [{ company: { id: 6, name: "Acme", createdAt: 1350466020, monthlySpend: 5, deep: {} } }, { company: { company_id: 6, name: "Acme", created_at: 1350466020, monthly_spend: 5 } }],
    // A company without an id or a name would be refused.
    [{ company: "Acme" }, {}],
    [{ company: { id: 6 } }, {}],
    [{ companies: [{ company_id: "a", name: "A" }, { name: "B" }] }, { companies: [{ company_id: "a", name: "A" }] }],
  ];
  for (const [traits, told] of cases) assert.deepEqual(attributes(traits as Record<string, unknown>), told, JSON.stringify(traits));
  assert.equal(companyOf({ name: "Acme" }), undefined);
});

test("with a token nothing that it signs is told in plain words, nor another signature", () => {
  const jwt = `e30.${btoa(JSON.stringify({ user_id: "42", email: "a@b.example", exp: 9 }))}.x`;
  const told = { user_id: "42", email: "a@b.example", user_hash: "aa", intercom_user_jwt: jwt, plan: "pro" };
  assert.deepEqual(signed(told), { intercom_user_jwt: jwt, plan: "pro" });
  const { intercom_user_jwt: _, ...hashed } = told;
  assert.deepEqual(signed(hashed), hashed);
});

test("updates beyond Intercom's limit are merged, and told when there is room", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let time = 0;
  const told: object[] = [];
  const updates = new Updates((attributes) => told.push(attributes), () => time);
  const wait = (milliseconds: number) => {
    time += milliseconds;
    mock.timers.tick(milliseconds);
  };
  for (let n = 0; n < MOST; n += 1) {
    updates.add({ n });
    wait(GATHERED_MS);
  }
  assert.equal(told.length, MOST);
  updates.add({ a: 1 });
  updates.add({ b: 2 });
  wait(WITHIN_MS - (MOST - 1) * GATHERED_MS - GATHERED_MS - 1);
  assert.equal(told.length, MOST);
  wait(GATHERED_MS + 1);
  assert.deepEqual(told.slice(MOST), [{ a: 1, b: 2 }]);
  // And what concerns somebody who has gone is not told at all.
  updates.add({ c: 3 });
  updates.drop();
  wait(WITHIN_MS);
  assert.equal(told.length, MOST + 1);
  mock.timers.reset();
});
