// What the server says of a recording: its pieces, its moments, what is missing of it.
//
// Times in here are milliseconds from the session's start; the server's are by the visitor's clock.

import { fields, list, number, text } from "./json";
import { type Moment, parseMoments } from "./moments";

/** A part of the recording that is loaded by itself. */
export interface Piece {
  readonly seq: number;
  readonly part: number;
  /** Time of its first event, and of its last. */
  readonly from: number;
  readonly until: number;
  /** Of its JSON. */
  readonly bytes: number;
  /** Time of the first full snapshot in it: playing can begin there. */
  readonly snapshot: number | null;
}

/** A stretch of time. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

export interface Recording {
  readonly duration: number;
  readonly pieces: readonly Piece[];
  /** What its summary tells: not all that happened, if much did. */
  readonly timeline: readonly Moment[];
  /** How many moments there are in all; 0 where that was not counted. */
  readonly total: number;
  /** Where chunks never arrived. */
  readonly missing: readonly Stretch[];
  /** Whether more may come. */
  readonly live: boolean;
  /**
   * The address that opens this page for others who may see it as the viewer does; "" for none of its
   * own.
   */
  readonly link: string;
  /** What the visitor used: name and value. */
  readonly environment: readonly (readonly [string, string])[];
}

/** Reads the server's index. Whatever in it is not as agreed is left out. */
export function parseRecording(json: unknown): Recording {
  const index = fields(json);
  const start = number(index.started_at_ms);
  const pieces = list(index.pieces).map((piece) => ({
    seq: number(piece.seq),
    part: number(piece.part),
    from: number(piece.from_ms) - start,
    until: number(piece.until_ms) - start,
    bytes: number(piece.bytes),
    snapshot: typeof piece.snapshot_ms === "number" ? piece.snapshot_ms - start : null,
  }));
  const timeline = parseMoments(index.timeline);
  const ends = pieces.map((piece) => piece.until);
  return {
    duration: Math.max(number(index.duration_ms), ...ends.slice(-1), 0),
    pieces,
    timeline,
    total: number(index.timeline_total),
    missing: list(index.missing).map((gap) => between(pieces, number(gap.from_seq), number(gap.until_seq))),
    live: index.live === true,
    link: text(index.link),
    environment: list(index.environment).map(({ name, value }) => [text(name), text(value)] as const),
  };
}

/** When the chunks from one number to another would have played. */
function between(pieces: readonly Piece[], first: number, last: number): Stretch {
  const before = pieces.filter((piece) => piece.seq < first).at(-1);
  const after = pieces.find((piece) => piece.seq > last);
  const from = before?.until ?? 0;
  return { from, until: Math.max(from, after?.from ?? from) };
}
