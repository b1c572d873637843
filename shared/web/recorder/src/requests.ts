// Requests that a page's scripts make, by whichever way: their method, their status, how long they took.
//
// rrweb's plugin can tell them too. It takes them from the browser's timings, which know no method, and
// nothing at all of an answer whose body nobody reads, as of most failures; or it reads headers and bodies.

import type { RecordPlugin } from "@rrweb/types";
import { type Request, cleanRequest } from "./privacy/request";

/** As rrweb's plugin is called, for its events are of the same form. */
const NAME = "rrweb/network@1";

type Win = Window & typeof globalThis;
type Tell = (request: Request) => void;

export function requestsPlugin(): RecordPlugin {
  return {
    name: NAME,
    options: {},
    observer(callback, win) {
      let isWatching = true;
      const tell: Tell = (request) => {
        try {
          const clean = isWatching && cleanRequest(request, win.location.hostname);
          if (clean) callback({ requests: [clean] });
        } catch {
          // A request that the page would not have heard of either.
        }
      };
      const undo = [watchFetch(win as Win, tell), watchXhr(win as Win, tell)];
      return () => {
        isWatching = false;
        for (const each of undo) each();
      };
    },
  };
}

function watchFetch(win: Win, tell: Tell): () => void {
  const original = win.fetch;
  const watched: typeof fetch = function (this: unknown, ...call) {
    const end = begin(win, "fetch", tell);
    const [input, init] = call;
    const address = input instanceof win.Request ? input.url : String(input);
    const method = init?.method ?? (input instanceof win.Request ? input.method : "GET");
    // The page gets a promise that ends as the browser's own does.
    return original.apply(this, call).then(
      (response) => {
        // An answer that is none of the page's business says nothing.
        if (response.type !== "opaque" && response.type !== "opaqueredirect") end(address, method, response.status);
        return response;
      },
      (error: unknown) => {
        if ((error as Error | null)?.name !== "AbortError") end(address, method);
        throw error;
      },
    );
  };
  win.fetch = watched;
  return () => {
    // Who put itself on top of it stays.
    if (win.fetch === watched) win.fetch = original;
  };
}

function watchXhr(win: Win, tell: Tell): () => void {
  const { prototype } = win.XMLHttpRequest;
  const { open, send } = prototype;
  const opened = new WeakMap<XMLHttpRequest, [method: string, address: string]>();
  const watchedOpen = function (this: XMLHttpRequest, ...call: Parameters<typeof open>) {
    opened.set(this, [String(call[0]), String(call[1])]);
    return open.apply(this, call);
  };
  const watchedSend = function (this: XMLHttpRequest, ...call: Parameters<typeof send>) {
    const end = begin(win, "xmlhttprequest", tell);
    const [method, address] = opened.get(this) ?? ["GET", ""];
    this.addEventListener("load", () => end(address, method, this.status));
    for (const failure of ["error", "timeout"]) this.addEventListener(failure, () => end(address, method));
    return send.apply(this, call);
  };
  prototype.open = watchedOpen as typeof open;
  prototype.send = watchedSend;
  return () => {
    if (prototype.open === watchedOpen) prototype.open = open;
    if (prototype.send === watchedSend) prototype.send = send;
  };
}

/** Begins to measure; what it gives ends that, and tells. */
function begin(win: Win, initiatorType: string, tell: Tell) {
  const startTime = Math.round(win.performance.now());
  return (address: string, method: string, status?: number) => {
    const endTime = Math.round(win.performance.now());
    const name = new URL(address, win.document.baseURI).href;
    const duration = endTime - startTime;
    tell({ name, initiatorType, entryType: "resource", method: method.toUpperCase(), status, startTime, endTime, duration });
  };
}
