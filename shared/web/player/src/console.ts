// The list of what the page logged.

import { icon } from "./bar";
import { element } from "./dom";
import type { Line } from "./log";
import type { PanelKind } from "./panel";
import { clock } from "./time";

const SIGNS: Readonly<Record<string, string>> = { error: "console_error", warn: "warning" };
const LEVELS: Readonly<Record<string, string>> = { error: "Error", warn: "Warning" };

export const LINES: PanelKind<Line> = {
  noun: "lines",
  at: ({ at }) => at,
  key: ({ at, level, text, stack }) => `${at} ${level} ${stack.length} ${text}`,
  text: ({ text, stack }) => `${text}\n${stack.join("\n")}`,
  choices: () => [
    { label: "All levels", has: () => true },
    { label: "Errors", has: ({ level }) => level === "error" },
    { label: "Warnings", has: ({ level }) => level === "warn" },
    { label: "Other lines", has: ({ level }) => LEVELS[level] === undefined },
  ],
  draw: (line) => [row(line), ...stack(line)],
};

function row({ at, level, text, thrown }: Line): HTMLElement {
  const link = { class: `moment level-${level}`, href: `?t=${Math.floor(at / 1_000)}`, "data-at": `${at}` };
  const named = LEVELS[level] === undefined ? [] : [element("span", { class: "visually-hidden" }, `${LEVELS[level]}: `)];
  return element("a", link, element("time", {}, clock(at)), icon(thrown ? "js_error" : (SIGNS[level] ?? "line")), element("span", {}, ...named, thrown ? `Uncaught ${text}` : text));
}

function stack({ stack: frames }: Line): HTMLElement[] {
  if (frames.length === 0) return [];
  const list = element("ol", {}, ...frames.map((frame) => element("li", {}, frame)));
  return [element("details", { class: "stack" }, element("summary", {}, "Stack"), list)];
}
