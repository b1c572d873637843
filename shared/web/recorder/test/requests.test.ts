import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import type { Request as Told } from "../src/privacy/request";
import { LEAVING_MS, requestsPlugin } from "../src/requests";

beforeEach(() => mock.timers.reset());

/** One that ends when it is told how. */
class FakeXhr extends EventTarget {
  status = 0;
  readyState = 0;
  open(..._: unknown[]) {
    this.readyState = 1;
    this.status = 0;
  }
  send() {}
  abort() {
    this.readyState = 4;
    this.dispatchEvent(new Event("abort"));
  }
  end(how: string) {
    this.readyState = 4;
    this.status = how === "load" ? 500 : 0;
    this.dispatchEvent(new Event(how));
    this.dispatchEvent(new Event("loadend"));
  }
}

/** A page, and what is told of its requests. */
function page(answer: (...call: unknown[]) => Promise<unknown>) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const win = Object.assign(new EventTarget(), {
    fetch: answer,
    XMLHttpRequest: class extends FakeXhr {},
    Request,
    performance,
    location: { hostname: "shop.example" },
    document: { baseURI: "https://shop.example/cart" },
  });
  for (const name of ["open", "send", "abort"] as const) {
    Object.defineProperty(win.XMLHttpRequest.prototype, name, { value: FakeXhr.prototype[name], configurable: true, writable: true });
  }
  const told: Told[] = [];
  const original = win.fetch;
  const tell = (data: unknown) => told.push(...(data as { requests: Told[] }).requests);
  const stop = requestsPlugin().observer?.(tell, win as never, {});
  const how = () => told.map(({ method, status, aborted, opaque }) => [method, status ?? (aborted ? "aborted" : opaque ? "opaque" : "no answer")].join(" "));
  return { win, told, how, stop, original, wait: () => mock.timers.tick(LEAVING_MS) };
}

test("a request of a script is told with its method and how it ended, whether its body is read or not", async () => {
  const { win, told } = page(async () => ({ type: "basic", status: 500, ok: false }));
  await win.fetch("/api?sku=1", { method: "post" });
  await win.fetch(new Request("https://shop.example/other"));
  assert.deepEqual(told.map(({ name, method, status }) => [name, method, status]), [
    ["https://shop.example/api", "POST", 500],
    ["https://shop.example/other", "GET", 500],
  ]);
});

test("the page gets the very answer, and the very failure", async () => {
  const response = { type: "basic", status: 200 };
  assert.equal(await page(async () => response).win.fetch("/"), response);
  mock.timers.reset();
  const failure = new TypeError("Failed to fetch");
  const failing = page(() => Promise.reject(failure));
  await assert.rejects(failing.win.fetch("/"), failure);
  failing.wait();
  assert.deepEqual(failing.told.map(({ status, initiatorType }) => [status, initiatorType]), [[undefined, "fetch"]]);
});

test("what the page gave up, for whatever reason, and what it may not know is told as that", async () => {
  for (const reason of [undefined, "bye", new Error("no")]) {
    const abort = new AbortController();
    abort.abort(reason);
    const { win, how } = page(() => Promise.reject(abort.signal.reason));
    await win.fetch("/", { signal: abort.signal }).catch(() => {});
    await win.fetch(new Request("https://shop.example/", { signal: abort.signal })).catch(() => {});
    assert.deepEqual(how(), ["GET aborted", "GET aborted"]);
    mock.timers.reset();
  }
  const opaque = page(async () => ({ type: "opaque", status: 0 }));
  await opaque.win.fetch("https://ads.example/");
  assert.deepEqual(opaque.how(), ["GET opaque"]);
});

test("an XMLHttpRequest is told as well, each of its requests once, however often it is used", () => {
  const { win, how, wait } = page(async () => undefined);
  const xhr = new win.XMLHttpRequest();
  for (const end of ["load", "load", "error", "load"]) {
    xhr.open("put", "/api");
    xhr.send();
    xhr.end(end);
  }
  wait();
  assert.deepEqual(how(), ["PUT 500", "PUT 500", "PUT 500", "PUT no answer"]);
});

test("an XMLHttpRequest that is opened anew in its own answer, or given up, is told as it ended", () => {
  const { win, how } = page(async () => undefined);
  const xhr = new win.XMLHttpRequest();
  let left = 3;
  const again = () => {
    if ((left -= 1) < 0) return;
    xhr.open("GET", "/api");
    xhr.send();
  };
  // The page listens first.
  xhr.addEventListener("load", again);
  again();
  for (let at = 0; at < 3; at += 1) xhr.end("load");
  assert.deepEqual(how(), ["GET 500", "GET 500", "GET 500"]);

  const dropped = new win.XMLHttpRequest();
  dropped.open("GET", "/a");
  dropped.send();
  dropped.abort();
  dropped.open("GET", "/b");
  dropped.send();
  dropped.open("GET", "/c");
  dropped.send();
  dropped.end("load");
  assert.deepEqual(how().slice(3), ["GET aborted", "GET aborted", "GET 500"]);
});

test("what is not answered because the page is being left is not told", async () => {
  const { win, told, wait } = page(() => Promise.reject(new TypeError("NetworkError")));
  await win.fetch("/").catch(() => {});
  win.dispatchEvent(new Event("pagehide"));
  wait();
  assert.deepEqual(told, []);
  await win.fetch("/").catch(() => {});
  wait();
  assert.equal(told.length, 1);
});

test("afterwards everything is as it was, but for who came on top of it", async () => {
  const first = page(async () => ({ type: "basic", status: 200 }));
  first.stop?.();
  assert.equal(first.win.fetch, first.original);
  mock.timers.reset();

  const second = page(async () => ({ type: "basic", status: 200 }));
  const watched = second.win.fetch;
  const onTop = (...call: unknown[]) => watched(...call);
  second.win.fetch = onTop;
  second.stop?.();
  assert.equal(second.win.fetch, onTop);
  await second.win.fetch("/");
  assert.deepEqual(second.told, []);
});
