// Requests that a page's scripts make, by whichever way: their method, their status, how long they took.
//
// rrweb's plugin can tell them too. It takes them from the browser's timings, which know no method, and
// nothing at all of an answer whose body nobody reads, as of most failures; or it reads headers and bodies.

import type { RecordPlugin } from "@rrweb/types";
import { patch } from "./patch";
import { type Request, cleanRequest } from "./privacy/request";
import { listen } from "./signs/listen";

/** As rrweb's plugin is called, for its events are of the same form. */
const NAME = "rrweb/network@1";
/**
 * What is not answered is told after so long: browsers drop what is under way when a page is left, a little
 * before they say that it is.
 */
export const LEAVING_MS = 500;

/** `XMLHttpRequest.DONE`. */
const DONE = 4;

type Win = Window & typeof globalThis;
type End = Pick<Request, "status" | "aborted" | "opaque">;
type Tell = (request: Request) => void;

export function requestsPlugin(): RecordPlugin {
  return {
    name: NAME,
    options: {},
    observer(callback, recorded) {
      const win = recorded as Win;
      let [isWatching, timesLeft] = [true, 0];
      const send: Tell = (request) => {
        const clean = isWatching && cleanRequest(request, win.location.hostname);
        if (clean) callback({ requests: [clean] });
      };
      const tell: Tell = (request) => {
        if (request.status !== undefined || request.aborted || request.opaque) return send(request);
        const times = timesLeft;
        setTimeout(() => times === timesLeft && send(request), LEAVING_MS);
      };
      const undo = [
        watchFetch(win, tell),
        watchXhr(win, tell),
        listen(win, ["pagehide"], () => {
          timesLeft += 1;
        }),
      ];
      return () => {
        isWatching = false;
        for (const each of undo) each();
      };
    },
  };
}

function watchFetch(win: Win, tell: Tell): () => void {
  return patch(win, "fetch", (_, call) => {
    const [input, init] = call as Parameters<typeof fetch>;
    const request = input instanceof win.Request ? input : undefined;
    const end = begin(win, "fetch", request?.url ?? String(input), init?.method ?? request?.method ?? "GET", tell);
    const signal = init?.signal ?? request?.signal;
    // The page gets a promise that ends as the browser's own does.
    return (answer) =>
      (answer as Promise<Response>).then(
        (response) => {
          const isOpaque = response.type === "opaque" || response.type === "opaqueredirect";
          end(isOpaque ? { opaque: true } : { status: response.status });
          return response;
        },
        (error: unknown) => {
          const isAborted = signal?.aborted || (error as Error | null)?.name === "AbortError";
          end(isAborted ? { aborted: true } : {});
          throw error;
        },
      );
  });
}

/** One of them may be used again and again: each has one set of listeners, and ends what it sent last. */
function watchXhr(win: Win, tell: Tell): () => void {
  const { prototype } = win.XMLHttpRequest;
  const opened = new WeakMap<object, [method: string, address: string]>();
  const sent = new WeakMap<object, (end: End) => void>();
  const heard = new WeakSet<object>();
  const end = (xhr: XMLHttpRequest, how: End) => {
    sent.get(xhr)?.(how);
    sent.delete(xhr);
  };
  const undo = [
    patch(prototype, "open", (self, [method, address]) => {
      const { readyState, status } = self as XMLHttpRequest;
      // A page may open it anew before it is heard here that it has ended.
      if (readyState !== DONE) end(self as XMLHttpRequest, { aborted: true });
      else end(self as XMLHttpRequest, status ? { status } : {});
      opened.set(self as object, [String(method), String(address)]);
    }),
    patch(prototype, "abort", (self) => end(self as XMLHttpRequest, { aborted: true })),
    patch(prototype, "send", (self) => {
      const xhr = self as XMLHttpRequest;
      const [method, address] = opened.get(xhr) ?? [];
      if (!method) return;
      sent.set(xhr, begin(win, "xmlhttprequest", address ?? "", method, tell));
      if (heard.has(xhr)) return;
      heard.add(xhr);
      const ended = () => xhr.readyState === DONE && end(xhr, xhr.status ? { status: xhr.status } : {});
      for (const name of ["load", "error", "timeout"]) xhr.addEventListener(name, ended);
    }),
  ];
  return () => undo.forEach((each) => each());
}

/** Begins to measure; what it gives ends that, and tells. */
function begin(win: Win, initiatorType: string, address: string, asked: string, tell: Tell): (end: End) => void {
  const startTime = Math.round(win.performance.now());
  return (end) => {
    try {
      const endTime = Math.round(win.performance.now());
      const name = new URL(address, win.document.baseURI).href;
      const [method, duration] = [asked.toUpperCase(), endTime - startTime];
      tell({ name, initiatorType, entryType: "resource", method, ...end, startTime, endTime, duration });
    } catch {
      // A request that the page would not have heard of either.
    }
  };
}
