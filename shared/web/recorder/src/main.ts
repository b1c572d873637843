// What a site's one script tag starts:
//
//     <script async src="https://…/recorder.js" data-write-key="…"></script>
//
// Whatever goes wrong here goes wrong without the page's noticing.

import { type Api, type Commands, run } from "./api";
import { parse } from "./settings";
import { start } from "./start";

type Global = Window & { recapt?: Api | unknown[] };

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

  const calls: unknown[] = waiting ?? [];
  let started: (Commands & { sessionId(): string | null }) | undefined;
  const push = (...more: unknown[]) => {
    calls.push(...more);
    while (started && calls.length > 0) {
      const call = calls.shift();
      safely(() => started && run(started, call));
    }
    return calls.length;
  };
  global.recapt = {
    identify: (person) => void push(["identify", person]),
    stop: () => void push(["stop"]),
    reset: () => void push(["reset"]),
    sessionId: () => started?.sessionId() ?? null,
    push,
  };
  whenVisible(async () => {
    started = await start(settings);
    push();
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
