// What a site's one script tag starts:
//
//     <script async src="https://…/recorder.js" data-write-key="…"></script>
//
// Whatever goes wrong here goes wrong without the page's noticing.

import { type Api, type Commands, NAMES, type Told, run } from "./api";
import { now } from "./clock";
import { parse, wantsCompanion } from "./settings";
import { start } from "./start";
import { open, write } from "./storage";

type Global = Window & { recapt?: Api | unknown[] };
type Recording = Commands & { sessionId(): string | null };
/** Takes what the recorder has run. */
type Companion = (told: Told[]) => void;

/** The file of the companion, which build.mjs knows. */
declare const COMPANION: string;

function main(): void {
  const global = window as Global;
  const waiting = global.recapt;
  // A second tag changes nothing; a frame of this site is recorded with the page around it.
  if ((waiting && !Array.isArray(waiting)) || window.frameElement) return;
  const tag = document.currentScript ?? document.querySelector("script[data-write-key]");
  const settings = tag instanceof HTMLScriptElement ? parse(tag) : new Error("the script tag was not found");
  if (settings instanceof Error) {
    console.warn(`Recapt records nothing: ${settings.message}.`);
    return;
  }

  let started: Recording | undefined;
  let isStarted = false;
  let companion: Companion | undefined;
  const calls: Told[] = [];
  const told: Told[] = [];
  /** The recorder comes first: it owns the browser's id, which a `reset` makes anew. */
  const turn = () => {
    for (let next; isStarted && (next = calls.shift()); told.push(next)) {
      const { call } = next;
      safely(() => started && run(started, call));
    }
    if (isStarted) safely(() => companion?.(told.splice(0)));
  };
  const push = (...more: unknown[]) => {
    calls.push(...more.map((call) => ({ call, at: now() })));
    turn();
    return calls.length;
  };
  const method = (name: string) => [name, (...said: unknown[]) => void push([name, ...said])] as const;
  const api = { ...Object.fromEntries(NAMES.map(method)), sessionId: () => started?.sessionId() ?? null, push };
  global.recapt = api as Api;
  push(...(waiting ?? []));

  // Not yet what the recorder listens to: what the companion sends is no request of the page.
  const fetch = window.fetch.bind(window);
  const { dataset } = tag as HTMLScriptElement;
  const address = wantsCompanion(dataset) ? `${settings.endpoint}/recorder/${COMPANION}` : undefined;
  if (address) {
    import(address)
      .then(({ begin }) => (companion = begin({ ...settings, dataset, fetch, calls })))
      .catch((error) => {
        companion = () => {};
        warn(error);
      })
      .then(turn);
    // Until it is there, the tab keeps what it is to be told for the next page's.
    addEventListener("pagehide", () => {
      const rest = companion ? [] : [...told.splice(0), ...calls.splice(0)];
      if (rest.length > 0) write(open("sessionStorage"), `recapt.${settings.writeKey}.calls`, JSON.stringify(rest));
    });
  } else companion = () => {};

  whenVisible(async () => {
    try {
      started = await start(settings);
    } finally {
      isStarted = true;
      turn();
    }
  });
}

/**
 * Of a page that is rendered ahead, or opened in the background, nothing is recorded until somebody looks at
 * it.
 */
function whenVisible(begin: () => Promise<void>): void {
  const safely = () => void begin().catch(warn);
  if (document.visibilityState === "visible") return safely();
  const look = () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", look);
    safely();
  };
  document.addEventListener("visibilitychange", look);
}

function safely(action: () => void): void {
  try {
    action();
  } catch (error) {
    warn(error);
  }
}

function warn(error: unknown): void {
  console.warn("Recapt:", error);
}

safely(main);
