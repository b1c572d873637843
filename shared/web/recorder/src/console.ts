// Lines of the console, and errors that nobody caught: each says which of both it is. Browsers word them
// differently, so that the words do not.
//
// rrweb's plugin of this name does not tell them apart, and fails at what is thrown and is no `Error`.

import type { RecordPlugin } from "@rrweb/types";
import { patch } from "./patch";
import { listen } from "./signs/listen";
import { words } from "./words";

/** As rrweb's plugin is called, for its events are of the same form. */
const NAME = "rrweb/console@1";
/** Lines of the console on one page: more is a page that logs in a loop. */
const MOST_LINES = 500;
/** Calls of ours between a page's call and where its stack is taken. */
const OWN_CALLS = 5;

interface Line {
  level: string;
  trace: string[];
  /** Each argument as a JSON text. */
  payload: string[];
  thrown: boolean;
}

export function consolePlugin(): RecordPlugin {
  let left = MOST_LINES;
  return {
    name: NAME,
    options: {},
    observer(callback, recorded) {
      const win = recorded as Window & typeof globalThis;
      let isTelling = false;
      const tell = (line: Line) => {
        // What comes of telling would be told again.
        if (isTelling || (left -= 1) < 0) return;
        isTelling = true;
        callback(line);
        isTelling = false;
      };
      const log = (level: string, said: readonly unknown[]) => {
        const payload = said.map((each) => JSON.stringify(words(each)));
        tell({ level, trace: frames(new Error()).slice(OWN_CALLS), payload, thrown: false });
      };
      const ends = [
        patch(win.console, "error", (_, said) => log("error", said)),
        patch(win.console, "warn", (_, said) => log("warn", said)),
        patch(win.console, "assert", (_, [holds, ...said]) => (holds ? undefined : log("assert", said))),
        listen(win, ["error", "unhandledrejection"], (event) => {
          const error = thrown(event as ErrorEvent & PromiseRejectionEvent);
          if (error) tell(error);
        }),
      ];
      return () => ends.forEach((end) => end());
    },
  };
}

function thrown({ type, message, error, reason }: ErrorEvent & PromiseRejectionEvent): Line | undefined {
  const isRejection = type === "unhandledrejection";
  // A file that is missing has an event of the same name, and no message.
  if (!isRejection && typeof message !== "string") return undefined;
  // Of what is no error browsers say little, or nothing.
  const says = message && !/^(uncaught( exception:)?\s*)?(\[object \w+\])?$/i.test(message);
  const text = isRejection ? `Uncaught (in promise) ${words(reason)}` : says ? message : `Uncaught ${words(error)}`;
  return { level: "error", trace: frames(isRejection ? reason : error), payload: [JSON.stringify(text)], thrown: true };
}

/** Where it came from, a call a line, as rrweb's plugin writes it: `name (address:line:column)`. */
function frames(error: unknown): string[] {
  const stack = (error as Partial<Error> | null | undefined)?.stack;
  if (typeof stack !== "string") return [];
  return stack.split("\n").flatMap((line) => {
    const found = /^\s*at (?:(.*) \()?(.+:\d+:\d+)\)?$/.exec(line) ?? /^(.*?)@(.+:\d+:\d+)$/.exec(line);
    return found ? [found[1] ? `${found[1]} (${found[2]})` : String(found[2])] : [];
  });
}
