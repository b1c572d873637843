// Lines of the console, as rrweb's plugin writes them: each argument a JSON text.

import { scrub } from "./text";

const MAX_ARGUMENTS = 10;
const MAX_FRAMES = 20;
const MAX_CHARACTERS = 1_000;

export interface LogLine {
  level: string;
  trace: string[];
  payload: string[];
  /** Whether nobody caught it; false for what was written into the console. */
  thrown?: boolean;
}

/** The line without what is personal or secret, and bounded. */
export function cleanLine(line: LogLine): LogLine {
  return {
    level: line.level,
    trace: line.trace.slice(0, MAX_FRAMES).map(cleanFrame),
    payload: line.payload.slice(0, MAX_ARGUMENTS).map(cleanArgument),
    thrown: line.thrown,
  };
}

/** Where a call stands, behind its address and the query of that: line and column. */
const PLACE = /(?::\d{1,6}){1,2}\)?$/;

/** A call of a stack: its address loses its query, and not what stands behind it. */
function cleanFrame(frame: string): string {
  const place = PLACE.exec(frame)?.[0] ?? "";
  return cleanText(frame.slice(0, frame.length - place.length)) + place;
}

function cleanArgument(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "string") return JSON.stringify(cleanText(value));
  } catch {
    // As a text, then.
  }
  return JSON.stringify(cleanText(json ?? ""));
}

/** Cut before it is scrubbed, which takes its time, and without the word that the cut may have spoilt. */
function cleanText(text: string): string {
  const cut = text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS).replace(/\S+$/, "")}…` : text;
  return scrub(cut);
}
