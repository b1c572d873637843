// What happened, as the server tells it: moments of the recording, worded for people.
//
// Times are milliseconds from the session's start.

import { type Fields, fields, list, number } from "./json";
import type { Stretch } from "./recording";

/** Something worth a look. */
export interface Moment {
  readonly at: number;
  /** When it happened the last time, where it is several that are equal; else as `at`. */
  readonly last: number;
  readonly kind: string;
  /** As the recording's summary has it: of a page, its address. */
  readonly label: string;
  /** As a row says it. */
  readonly text: string;
  readonly count: number;
  /** The problem that it belongs to. */
  readonly fingerprint: string | null;
  /** How long nobody did anything from then on, where it says so. */
  readonly idleMs: number | null;
}

/** All moments of a recording, and whether they are all. */
export interface Timeline {
  readonly moments: readonly Moment[];
  readonly complete: boolean;
}

/** Kinds of moments that mean trouble, the worst first (as `severity` of shared/replay), with their names. */
const TROUBLE: Readonly<Record<string, string>> = {
  rage_click: "Rage click",
  js_error: "JavaScript error",
  error_click: "Error after a click",
  refused_press: "Pressed, switched off",
  failed_request: "Failed request",
  dead_click: "Dead click",
  slow_click: "Slow click",
  console_error: "Console error",
};

const SEVERITIES = new Map(Object.keys(TROUBLE).map((kind, severity) => [kind, severity]));

/** Orders moments by how bad they are, the worst first. */
export function bySeverity(one: { readonly kind: string }, other: { readonly kind: string }): number {
  const severity = ({ kind }: { readonly kind: string }) => SEVERITIES.get(kind) ?? SEVERITIES.size;
  return severity(one) - severity(other);
}

/** What every kind of moment is called. */
export const KINDS: Readonly<Record<string, string>> = {
  ...TROUBLE,
  page: "Page opened",
  input: "Fields filled in",
  resize: "Window resized",
  idle: "Inactive",
};

export function isTrouble({ kind }: Moment): boolean {
  return TROUBLE[kind] !== undefined;
}

/** Reads the server's answer. Whatever in it is not as agreed is left out. */
export function parseTimeline(json: unknown): Timeline {
  const answer = fields(json);
  return { moments: parseMoments(answer.moments), complete: answer.complete === true };
}

export function parseMoments(value: unknown): Moment[] {
  return list(value).map(moment);
}

function moment(given: Fields): Moment {
  const at = number(given.at_ms);
  const label = typeof given.label === "string" ? given.label : "";
  return {
    at,
    last: Math.max(at, number(given.last_at_ms)),
    kind: String(given.kind),
    label,
    text: typeof given.text === "string" ? given.text : label,
    count: Math.max(1, number(given.count)),
    fingerprint: typeof given.fingerprint === "string" ? given.fingerprint : null,
    idleMs: typeof given.idle_ms === "number" ? number(given.idle_ms) : null,
  };
}

/** Where nobody was at the controls. */
export function idleStretches(moments: readonly Moment[]): Stretch[] {
  return moments.flatMap(({ at, last, idleMs }) =>
    idleMs === null ? [] : [...new Set([at, last])].map((from) => ({ from, until: from + idleMs })),
  );
}

/**
 * The trouble before a moment or after it; `null` when there is none. A little before counts as there: the
 * player stands where the page was there, after what led to it.
 */
export function nextTrouble(moments: readonly Moment[], at: number, direction: 1 | -1): Moment | null {
  const NEAR_MS = 1_500;
  const trouble = moments.filter(isTrouble);
  if (direction > 0) return trouble.find((moment) => moment.at > at + NEAR_MS / 3) ?? null;
  return trouble.filter((moment) => moment.at < at - NEAR_MS).at(-1) ?? null;
}
