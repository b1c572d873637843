import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { full, memory } from "../../recorder/test/tab";
import { MOST, MOST_STORED, OWN_MS, Queue } from "../src/analytics/queue";
import { GATHERED_MS, MOST_EVENTS, MOST_SIZE, Sender } from "../src/analytics/sender";

/** A browser's storage, and pages over it. */
function browser(storage = memory()) {
  const world = { time: 1_000 };
  const page = (name: string) => new Queue(storage, "event.", name, () => world.time);
  const text = (id: string) => `{"messageId":"${id}"}`;
  const ids = (queue: Queue) => queue.first(MOST, Infinity).map(({ id }) => id);
  return { storage, world, page, text, ids };
}

test("what a page leaves is its own until it is due, and then of one other page", () => {
  const { storage, world, page, text, ids } = browser();
  const one = page("one");
  one.add("a", text("a"));
  const [two, three] = [page("two"), page("three")];
  assert.deepEqual(two.claim(), []);
  world.time += OWN_MS;
  // Both see it at once; who writes last has it.
  const claims = [two.claim(), [...three.claim(), "a"]];
  assert.deepEqual(claims, [["a"], ["a"]]);
  two.adopt(claims[0]!);
  three.adopt(claims[1]!);
  assert.deepEqual([ids(two), ids(three)], [["a"], []]);
  // The first comes back, and sees that it is gone.
  one.reread();
  assert.equal(one.isEmpty, true);
  two.remove(two.first(1, 1));
  assert.deepEqual(storage.keys(), []);
});

test("what its site has cleared from the storage is not lost, and what others have sent is not sent again", () => {
  const { storage, world, page, text, ids } = browser();
  const one = page("one");
  one.add("a", text("a"));
  storage.removeItem("event.a");
  one.reread();
  assert.deepEqual(ids(one), ["a"]);
  // From then on another page may have taken and sent it.
  world.time += OWN_MS;
  one.reread();
  assert.deepEqual(ids(one), []);
});

test("what is handed over is anybody's at once", () => {
  const { page, text, ids } = browser();
  const [one, two] = [page("one"), page("two")];
  one.add("a", text("a"));
  one.add("b", text("b"));
  one.until(one.rest(new Set(["b"])), 0);
  const claimed = two.claim();
  two.adopt(claimed);
  assert.deepEqual(ids(two), ["a"]);
});

test("so much waits at most, and what is stored is bounded", () => {
  const { storage, page, text, ids } = browser();
  const queue = page("one");
  const large = `{"x":"${"x".repeat(MOST_STORED / 2 - 8)}"}`;
  for (const id of ["a", "b", "c"]) assert.equal(queue.add(id, large), true);
  assert.equal(storage.keys().length, 2);
  assert.deepEqual(ids(queue), ["a", "b", "c"]);
  for (let n = 3; n < MOST; n += 1) queue.add(`n${n}`, text("n"));
  assert.equal(queue.add("last", text("last")), false);
  // A storage that takes nothing costs what outlives the page, and nothing else.
  const forgetful = browser(full());
  const other = forgetful.page("one");
  assert.equal(other.add("a", text("a")), true);
  assert.deepEqual(forgetful.ids(other), ["a"]);
});

test("what others have written into the storage is no event", () => {
  const { storage, page } = browser();
  for (const wrong of ["", "x", "1 one", "1 one x", "one {}"]) storage.setItem(`event.${wrong}`, wrong);
  assert.deepEqual(page("one").claim(), []);
  assert.deepEqual(storage.keys(), []);
});

/** A server that answers as it is told, and a page that sends to it. */
function sending(answers: (Response | Error)[]) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { world, page, text, storage } = browser();
  const sent: { ids: string[]; keepalive?: boolean }[] = [];
  const fetch = async (_: unknown, { body, keepalive }: RequestInit = {}) => {
    const { batch } = JSON.parse(body as string) as { batch: { messageId: string }[] };
    sent.push({ ids: batch.map(({ messageId }) => messageId), keepalive });
    const answer = answers.shift() ?? new Response("{}");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const queue = page("one");
  const sender = new Sender(queue, { endpoint: "https://in.example", writeKey: "k", fetch: fetch as typeof window.fetch, now: () => world.time, random: () => 0 });
  const settle = async () => {
    for (let n = 0; n < 50; n += 1) await Promise.resolve();
  };
  const wait = async (milliseconds: number) => {
    world.time += milliseconds;
    mock.timers.tick(milliseconds);
    await settle();
  };
  const say = (...ids: string[]) => {
    for (const id of ids) queue.add(id, text(id));
    sender.soon();
  };
  return { sent, sender, queue, storage, say, wait, settle };
}

test("what a page says at once goes in one request, and the rest in batches of a size that outlives it", async (context) => {
  context.after(() => mock.timers.reset());
  const { sent, sender, queue, say, wait } = sending([]);
  say("a", "b");
  say("c");
  await wait(GATHERED_MS);
  assert.deepEqual(sent, [{ ids: ["a", "b", "c"], keepalive: true }]);
  for (let n = 0; n < MOST_EVENTS + 1; n += 1) queue.add(`n${n}`, `{"messageId":"n${n}"}`);
  for (const id of ["big", "bigger"]) queue.add(id, `{"messageId":"${id}","x":"${"x".repeat(MOST_SIZE)}"}`);
  await sender.send();
  assert.deepEqual(sent.slice(1).map(({ ids, keepalive }) => [ids.length, keepalive]), [[MOST_EVENTS, true], [1, true], [1, false], [1, false]]);
  assert.equal(queue.isEmpty, true);
});

test("what nobody took is sent again in its time, as it was, and what is refused is dropped", async (context) => {
  context.after(() => mock.timers.reset());
  const warn = context.mock.method(console, "warn", () => {});
  const wait429 = new Response("", { status: 429, headers: { "Retry-After": "7" } });
  const { sent, storage, say, wait } = sending([new Error("offline"), wait429, new Response("no", { status: 400 })]);
  say("a");
  await wait(GATHERED_MS);
  say("b");
  await wait(499);
  assert.equal(sent.length, 1);
  await wait(1);
  // No faster than the server asks for.
  await wait(6_999);
  assert.equal(sent.length, 2);
  assert.equal(storage.keys().length, 2);
  await wait(1_000);
  assert.deepEqual(sent.map(({ ids }) => ids.join()), ["a", "a,b", "a,b"]);
  assert.equal(warn.mock.callCount(), 1);
  assert.deepEqual(storage.keys(), []);
});

test("a page that is left sends the rest, and what is on its way stays its own", async (context) => {
  context.after(() => mock.timers.reset());
  const { sent, sender, storage, say, settle } = sending([new Promise(() => {}) as never]);
  say("a");
  void sender.send();
  say("b");
  sender.handOver();
  const due = storage.keys().map((key) => Number(storage.getItem(key)!.split(" ")[0]) > 0);
  assert.deepEqual(due, [true, false]);
  sender.sendLast();
  await settle();
  assert.deepEqual(sent.map(({ ids }) => ids.join()), ["a", "b"]);
});
