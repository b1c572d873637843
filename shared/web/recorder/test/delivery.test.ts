import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mock, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { Backoff } from "../src/delivery/backoff";
import { Delivery } from "../src/delivery/delivery";
import { SENT_AT_MOST } from "../src/delivery/fit";
import { FULL_AT, Outbox } from "../src/delivery/outbox";
import { Server, answer, wait } from "../src/delivery/server";
import { full, memory } from "./tab";

/** A server that answers as it is told, and remembers. */
function pretend(...statuses: (number | Error)[]) {
  const requests: { url: string; text: string; bytes: number; keepalive: boolean }[] = [];
  const fetch = async (url: string, { body, keepalive }: { body: string | Uint8Array; keepalive: boolean }) => {
    const text = typeof body === "string" ? body : body[0] === 0x1f ? gunzipSync(body).toString() : Buffer.from(body).toString();
    requests.push({ url, text, bytes: body.length, keepalive });
    const status = statuses.shift() ?? 202;
    if (status instanceof Error) throw status;
    return new Response(null, { status });
  };
  return { server: new Server("https://recapt.example", "key/1", fetch as never), requests };
}

function delivery(outbox: Outbox, server: Server) {
  const lost: string[] = [];
  const leftOut = (session: string, isSnapshot: boolean) => lost.push(`${session}: ${isSnapshot ? "snapshot" : "event"}`);
  const listener = { sessionLost: (session: string) => lost.push(session), refused: () => lost.push("all"), leftOut };
  return { delivery: new Delivery(outbox, server, listener, () => 0), lost };
}

/** Lets everything run that is waiting, timers too. */
async function settle(rounds = 50) {
  for (let round = 0; round < rounds; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(60_000);
  }
}

test("chunks are sent in order, compressed, with the key", async () => {
  const outbox = new Outbox(memory(), "chunk.");
  const { server, requests } = pretend();
  outbox.add("s", 0, "[1]");
  outbox.add("s", 1, "[2]");
  await delivery(outbox, server).delivery.send();
  assert.deepEqual(requests.map(({ text }) => text), ["[1]", "[2]"]);
  assert.equal(requests[0]?.url, "https://recapt.example/v1/sessions/s/chunks/0?recorder=recapt&write_key=key%2F1");
  assert.equal(outbox.oldest, undefined);
});

test("a server that asks for patience gets it, and no more than five minutes", async () => {
  for (const [asked, expected] of [
    [null, 0],
    ["0", 0],
    ["-1", 0],
    ["Wed, 21 Oct 2026 07:28:00 GMT", 0],
    ["42", 42_000],
    ["86400", 300_000],
  ] as const) {
    assert.equal(wait(asked), expected, String(asked));
  }
  const backoff = new Backoff(() => 0.5);
  assert.equal(backoff.next(42_000), 42_250);
  assert.equal(backoff.next(0), 1_500);
});

test("above a limit a chunk waits as long as it is told, and is sent again with all that came behind it", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const outbox = new Outbox(memory(), "chunk.");
  const texts: string[] = [];
  const answers = [new Response(null, { status: 429, headers: { "Retry-After": "40" } })];
  const fetch = async (_: string, { body }: { body: string | Uint8Array }) => {
    texts.push(typeof body === "string" ? body : gunzipSync(body).toString());
    return answers.shift() ?? new Response(null, { status: 202 });
  };
  outbox.add("s", 0, "[0]");
  void delivery(outbox, new Server("https://recapt.example", "key", fetch as never)).delivery.send();
  const sent = async (count: number) => {
    // Packing takes its time.
    for (let round = 0; round < 5_000 && texts.length < count; round += 1) await new Promise((resolve) => setImmediate(resolve));
    for (let round = 0; round < 50; round += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  await sent(1);
  outbox.add("s", 1, "[1]");
  mock.timers.tick(39_000);
  await sent(1);
  assert.deepEqual(texts, ["[0]"]);
  mock.timers.tick(2_000);
  await sent(3);
  assert.deepEqual(texts, ["[0]", "[0]", "[1]"]);
  assert.equal(outbox.oldest, undefined);
  mock.timers.reset();
});

test("what was not answered 202 is sent again, the same bytes under the same number, also by the next page", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const tab = memory();
  const outbox = new Outbox(tab, "chunk.");
  const { server, requests } = pretend(new Error("offline"), 503, 429);
  outbox.add("s", 9, "[9]");
  outbox.add("s", 10, "[10]");
  void delivery(outbox, server).delivery.send();
  await settle(3);
  const next = new Outbox(tab, "chunk.");
  assert.deepEqual(next.all.map(({ seq }) => seq), [9, 10]);
  const later = pretend();
  await delivery(next, later.server).delivery.send();
  assert.deepEqual(later.requests.map(({ text }) => text), ["[9]", "[10]"]);
  // Packing takes the time that it takes.
  for (let round = 0; outbox.oldest && round < 10_000; round += 1) await settle(1);
  assert.ok(requests.slice(0, 4).every(({ text }) => text === "[9]"));
  assert.equal(requests.at(-1)?.text, "[10]");
  mock.timers.reset();
});

test("an answer that time does not heal ends the session, or everything", async () => {
  for (const [status, expected] of [[409, "s"], [410, "s"], [400, "all"], [401, "all"], [413, "all"]] as const) {
    const outbox = new Outbox(memory(), "chunk.");
    const { server, requests } = pretend(status);
    outbox.add("s", 0, "[]");
    outbox.add("s", 1, "[]");
    const { delivery: sender, lost } = delivery(outbox, server);
    await sender.send();
    assert.deepEqual(lost, [expected]);
    assert.equal(requests.length, 1, `${status}`);
  }
  assert.deepEqual([200, 202, 404, 408, 429, 500, 503].map(answer), ["taken", "taken", "never", "later", "later", "later", "later"]);
});

test("a page that ends hands over what fits, and leaves the rest to the next one", async () => {
  const tab = memory();
  const outbox = new Outbox(tab, "chunk.");
  const { server, requests } = pretend();
  ["a".repeat(50_000), "b".repeat(20_000)].forEach((text, seq) => outbox.add("s", seq, text));
  delivery(outbox, server).delivery.sendLast();
  assert.deepEqual(requests.map(({ text, keepalive }) => [text[0], keepalive]), [["a", true]]);
  await settle(0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(new Outbox(tab, "chunk.").all.map(({ seq }) => seq), [1]);
});

test("what is neither stored nor small enough to outlive its page is lost with it, and that is known", async () => {
  for (const [storage, size, isKept] of [[memory(), 100_000, true], [full(), 100, true], [full(), 100_000, false]] as const) {
    const outbox = new Outbox(storage, "chunk.");
    outbox.add("s", 0, "x".repeat(size));
    assert.equal(delivery(outbox, pretend().server).delivery.sendLast(), isKept);
  }
});

test("a chunk that is handed over is not sent a second time by the same page", async () => {
  const outbox = new Outbox(memory(), "chunk.");
  const { server, requests } = pretend();
  outbox.add("s", 0, "[]");
  const { delivery: sender } = delivery(outbox, server);
  sender.sendLast();
  await sender.send();
  assert.equal(requests.length, 1);
});

test("an outbox is full before its tab is, and says whether a page would lose something", async () => {
  const outbox = new Outbox(memory(), "chunk.");
  for (let seq = 0; !outbox.isFull; seq += 1) outbox.add("s", seq, "x".repeat(500_000));
  assert.equal(outbox.all.length, FULL_AT / 500_000);
  assert.equal(outbox.keepsAll(), false);
  // Packed, all of it finds room.
  for (const chunk of outbox.all) {
    await outbox.packed(chunk, () => {});
    outbox.compact(chunk);
  }
  assert.equal(outbox.keepsAll(), true);
  assert.equal(outbox.isFull, false);
});

test("an outbox takes in what other pages of the tab left, forgets what they sent, and keeps what the site cleared", () => {
  const tab = memory();
  const [outbox, other] = [new Outbox(tab, "chunk."), new Outbox(tab, "chunk.")];
  other.add("s", 1, "[1]");
  outbox.add("s", 0, "[0]");
  outbox.load();
  assert.deepEqual(outbox.all.map(({ seq }) => seq), [0, 1]);
  other.remove(other.all[0]!);
  outbox.load();
  assert.deepEqual(outbox.all.map(({ seq }) => seq), [0, 1]);
  outbox.forgetSent();
  assert.deepEqual(outbox.all.map(({ seq }) => seq), [0]);
  // Sites clear everything when somebody signs out.
  tab.keys().forEach((key) => tab.removeItem(key));
  outbox.load();
  assert.equal(outbox.keepsAll(), true);
  assert.equal(tab.keys().length, 1);
});

test("an outbox without a storage says that it keeps nothing", () => {
  const outbox = new Outbox(full(), "chunk.");
  assert.deepEqual([outbox.stores, outbox.keepsAll()], [true, true]);
  outbox.add("s", 0, "[]");
  assert.deepEqual([outbox.stores, outbox.keepsAll(), outbox.all.length], [false, false, 1]);
});

test("no request is larger than Lambda takes: what is too large is left out, under the same number, and said", async () => {
  const warnings = mock.method(console, "warn", () => {});
  // Chance does not pack: base64 of it shrinks to three quarters, what it was.
  const noise = (bytes: number) => randomBytes(bytes).toString("base64");
  const event = (type: number, size: number) => ({ type, data: { text: noise(size) }, timestamp: type });
  for (const [events, expected, isLeftOut] of [
    [[event(4, 10), event(2, 5_000_000)], ["4", "5"], ["s: snapshot"]],
    [[event(3, 5_000_000), event(3, 10)], ["5", "3"], ["s: event"]],
    [[event(4, 10), event(2, 4_000_000)], ["4", "2"], []],
  ] as const) {
    const outbox = new Outbox(memory(), "chunk.");
    const { server, requests } = pretend();
    const { delivery: sender, lost } = delivery(outbox, server);
    outbox.add("s", 7, JSON.stringify(events));
    await sender.send();
    const sent = JSON.parse(requests[0]?.text ?? "") as { type: number; timestamp: number }[];
    assert.deepEqual(sent.map(({ type }) => String(type)), expected);
    assert.deepEqual(sent.map(({ timestamp }) => timestamp), events.map(({ timestamp }) => timestamp));
    assert.ok((requests[0]?.bytes ?? Infinity) <= SENT_AT_MOST);
    assert.match(requests[0]?.url ?? "", /chunks\/7/);
    assert.deepEqual(lost, isLeftOut);
  }
  assert.equal(warnings.mock.callCount(), 2);
  assert.match(String(warnings.mock.calls[0]?.arguments[0]), /too large to be sent.*rest of this page is not recorded/);
  warnings.mock.restore();
});

test("a body of that size fits Lambda's event with room for headers and address", () => {
  const base64 = Math.ceil(SENT_AT_MOST / 3) * 4;
  assert.ok(6 * 1024 * 1024 - base64 > 256 * 1024);
});

test("what stands in the storage under our name is anything at all", () => {
  const tab = memory();
  for (const [key, text] of [["chunk.s.x", "j[]"], ["chunk.s", "j[]"], ["chunk.s.1", "z%%"], ["other", "j[]"]] as const) tab.setItem(key, text);
  assert.deepEqual(new Outbox(tab, "chunk.").all, []);
});

test("waiting doubles up to a minute", () => {
  const backoff = new Backoff(() => 1);
  const waited = Array.from({ length: 8 }, () => backoff.next());
  assert.deepEqual(waited, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  backoff.reset();
  assert.equal(new Backoff(() => 0).next(), 500);
  assert.equal(backoff.next(), 1_000);
});
