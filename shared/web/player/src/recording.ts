// What the server says of a recording: its pieces, its moments, what is missing of it.
//
// Times in here are milliseconds from the session's start; the server's are by the visitor's clock.

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

/** Something worth a look. */
export interface Moment {
  readonly at: number;
  readonly kind: string;
  readonly label: string;
  readonly count: number;
}

/** A stretch of time. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

export interface Recording {
  readonly duration: number;
  readonly pieces: readonly Piece[];
  readonly timeline: readonly Moment[];
  /** Where nobody was at the controls. */
  readonly idle: readonly Stretch[];
  /** Where chunks never arrived. */
  readonly missing: readonly Stretch[];
  /** Whether more may come. */
  readonly live: boolean;
}

/** Kinds of moments that mean trouble, and what each is called. */
export const TROUBLE: Readonly<Record<string, string>> = {
  rage_click: "Rage click",
  dead_click: "Dead click",
  slow_click: "Slow click",
  error_click: "Error after a click",
  refused_press: "Pressed, switched off",
  js_error: "JavaScript error",
  console_error: "Console error",
  failed_request: "Failed request",
};

type Fields = Record<string, unknown>;

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
  const timeline = list(index.timeline).map((moment) => ({
    at: number(moment.at_ms),
    kind: String(moment.kind),
    label: String(moment.label),
    count: number(moment.count),
  }));
  const idle = list(index.idle).map((stretch) => ({ from: number(stretch.from_ms), until: number(stretch.until_ms) }));
  const ends = pieces.map((piece) => piece.until);
  return {
    duration: Math.max(number(index.duration_ms), ...ends.slice(-1), 0),
    pieces,
    timeline,
    idle,
    missing: list(index.missing).map((gap) => between(pieces, number(gap.from_seq), number(gap.until_seq))),
    live: index.live === true,
  };
}

/** When the chunks from one number to another would have played. */
function between(pieces: readonly Piece[], first: number, last: number): Stretch {
  const before = pieces.filter((piece) => piece.seq < first).at(-1);
  const after = pieces.find((piece) => piece.seq > last);
  const from = before?.until ?? 0;
  return { from, until: Math.max(from, after?.from ?? from) };
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
