// A report for whoever repairs it: what happened before a moment of a recording, as Markdown.
//
// What comes from the recorded page is a stranger's: in the report it is text, and code, and nothing else.

import { hasFailed } from "./network";
import type { Asked, Line } from "./log";
import { type Moment, bySeverity, isTrouble } from "./moments";
import { clock } from "./time";
import { pageAt } from "./visited";

/** How long before the moment the report begins, ms. */
export const BEFORE_MS = 10 * 60_000;
/** What comes so soon after it belongs to it, ms. */
export const AFTER_MS = 5_000;
const MOST_STEPS = 20;
const MOST_PROBLEMS = 10;
const MOST_FRAMES = 12;

/** What the report is made of. */
export interface Reported {
  /** The moment, ms from the session's start, and when that was by the visitor's clock, ms since 1970. */
  readonly at: number;
  readonly startedAt: number;
  readonly link: string;
  readonly moments: readonly Moment[];
  readonly lines: readonly Line[];
  readonly requests: readonly Asked[];
  /** What the visitor used: name and value. */
  readonly environment: readonly (readonly [string, string])[];
}

export function report(given: Reported): string {
  const { at, startedAt, moments, environment } = given;
  const before = moments.filter((moment) => moment.last >= at - BEFORE_MS && moment.at <= at + AFTER_MS);
  const problems = merged(before.filter(isTrouble));
  const steps = before.filter(({ kind }) => kind !== "idle" && kind !== "resize").slice(-MOST_STEPS);
  const page = pageAt(moments, at)?.label ?? "";
  const pages = [...new Set(before.filter(({ kind }) => kind === "page").map(({ label }) => label).concat(page || []))];
  const worst = problems[0];
  const when = new Date(startedAt + at).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC");
  const parts = [
    `## ${worst ? escaped(worst.text) : page ? `What happened on ${code(page)}` : "What happened"}`,
    [`- **Recording:** ${given.link}`, `- **When:** ${when}, ${clock(at)} into the recording`].join("\n"),
    section("Steps", steps.map((step, index) => `${index + 1}. ${clock(step.at)} ${escaped(step.text)}`), "Nothing was recorded in the ten minutes before."),
    section("Problems", problems.slice(0, MOST_PROBLEMS).map((problem) => told(problem, given)), "None in the ten minutes before."),
    section("Pages", pages.map((address) => `- ${code(address)}`), "Not recorded."),
    section("Environment", environment.map(([name, value]) => `- ${name}: ${escaped(value)}`), "Not recorded."),
  ];
  return `${parts.join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[], none: string): string {
  return `### ${title}\n\n${lines.length > 0 ? lines.join("\n") : none}`;
}

/** Equal trouble once, the worst first. */
function merged(trouble: readonly Moment[]): Moment[] {
  const found = new Map<string, Moment>();
  for (const moment of trouble) {
    const name = moment.fingerprint ?? `${moment.kind} ${moment.label}`;
    const known = found.get(name);
    const count = (known?.count ?? 0) + moment.count;
    found.set(name, { ...(known ?? moment), count, last: Math.max(known?.last ?? 0, moment.last) });
  }
  // An engineer looks for what broke, before what somebody did about it.
  const hasBroken = ({ kind }: Moment) => (kind === "js_error" || kind === "error_click" ? 0 : 1);
  const order = (one: Moment, other: Moment) =>
    hasBroken(one) - hasBroken(other) || bySeverity(one, other) || one.at - other.at;
  return [...found.values()].sort(order);
}

/** A problem, with its stack or its request where the recording has them. */
function told(problem: Moment, { lines, requests }: Reported): string {
  const times = problem.count > 1 ? ` (${problem.count} times, last ${clock(problem.last)})` : "";
  const head = `- **${clock(problem.at)}**${times} ${escaped(problem.text)}`;
  return [head, ...stackOf(problem, lines), ...requestOf(problem, requests)].join("\n");
}

function stackOf(problem: Moment, lines: readonly Line[]): string[] {
  if (problem.kind !== "js_error" && problem.kind !== "console_error") return [];
  const is = (line: Line) => (problem.fingerprint ? line.fingerprint === problem.fingerprint : isIn(problem.label, line.text));
  const frames = lines.find((line) => line.stack.length > 0 && is(line))?.stack.slice(0, MOST_FRAMES);
  if (!frames) return [];
  const text = frames.map(oneLine).join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return ["", fence, ...text.split("\n"), fence].map((line) => (line ? `  ${line}` : line));
}

function requestOf(problem: Moment, requests: readonly Asked[]): string[] {
  if (problem.kind !== "failed_request") return [];
  const is = (request: Asked) => (problem.fingerprint ? request.fingerprint === problem.fingerprint : isIn(request.url, problem.label));
  const asked = requests.find((request) => hasFailed(request) && is(request));
  if (!asked) return [];
  const took = asked.duration === null ? "" : `, ${Math.round(asked.duration)} ms`;
  return [`  ${code(`${asked.method} ${asked.url}`)}: ${asked.status ?? "no answer"}${took}`];
}

/** Whether a text has another one in it: one of no letters is in none. */
function isIn(part: string, text: string): boolean {
  return part !== "" && text.includes(part);
}

/** Text as Markdown shows it letter by letter: no link, no picture, no HTML, nobody called by name. */
export function escaped(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]<>&#|~!$]/g, "\\$&")
    .replace(/:(?=\/\/)/g, "\\:")
    .replace(/\bwww\./gi, (start) => `${start.slice(0, -1)}\\.`)
    .replace(/@/g, "@\u200b");
}

/** Text as code: a delimiter longer than any in it. */
export function code(text: string): string {
  const plain = oneLine(text);
  const mark = "`".repeat(longestRun(plain) + 1);
  const space = /^`|`$|^ .* $/.test(plain) ? " " : "";
  return plain === "" ? "" : `${mark}${space}${plain}${space}${mark}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** Without line breaks and other control characters, and without those that turn the direction of writing. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ").trim();
}
