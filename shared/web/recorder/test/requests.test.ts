import assert from "node:assert/strict";
import { test } from "node:test";
import type { Request as Told } from "../src/privacy/request";
import { requestsPlugin } from "../src/requests";

class FakeXhr extends EventTarget {
  status = 0;
  open() {}
  send(end?: unknown) {
    this.status = end === "load" ? 500 : 0;
    this.dispatchEvent(new Event(String(end)));
  }
}

/** A page, and what is told of its requests. */
function page(answer: () => Promise<unknown>) {
  const win = {
    fetch: answer as (...call: unknown[]) => Promise<unknown>,
    XMLHttpRequest: class extends FakeXhr {},
    Request,
    performance,
    location: { hostname: "shop.example" },
    document: { baseURI: "https://shop.example/cart" },
  };
  const told: Told[] = [];
  const original = win.fetch;
  const tell = (data: unknown) => told.push(...(data as { requests: Told[] }).requests);
  const stop = requestsPlugin().observer?.(tell, win as never, {});
  return { win, told, stop, original };
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
  const failure = new TypeError("Failed to fetch");
  const failing = page(() => Promise.reject(failure));
  await assert.rejects(failing.win.fetch("/"), failure);
  assert.deepEqual(failing.told.map(({ status, initiatorType }) => [status, initiatorType]), [[undefined, "fetch"]]);
});

test("what the page gave up, and what it may not know, is not told", async () => {
  const aborted = page(() => Promise.reject(new DOMException("", "AbortError")));
  await assert.rejects(aborted.win.fetch("/"));
  const opaque = page(async () => ({ type: "opaque", status: 0 }));
  await opaque.win.fetch("https://ads.example/");
  assert.deepEqual([...aborted.told, ...opaque.told], []);
});

test("an XMLHttpRequest is told as well", () => {
  const { win, told } = page(async () => undefined);
  for (const end of ["load", "error", "abort"]) {
    const xhr = new win.XMLHttpRequest();
    (xhr.open as (...call: string[]) => void)("put", "/api");
    xhr.send(end);
  }
  assert.deepEqual(told.map(({ method, status }) => [method, status]), [["PUT", 500], ["PUT", undefined]]);
});

test("afterwards everything is as it was, but for who came on top of it", async () => {
  const first = page(async () => ({ type: "basic", status: 200 }));
  first.stop?.();
  assert.equal(first.win.fetch, first.original);

  const second = page(async () => ({ type: "basic", status: 200 }));
  const watched = second.win.fetch;
  const onTop = (...call: unknown[]) => watched(...call);
  second.win.fetch = onTop;
  second.stop?.();
  assert.equal(second.win.fetch, onTop);
  await second.win.fetch("/");
  assert.deepEqual(second.told, []);
});
