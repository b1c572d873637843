// Which piece comes when. Pure: it loads nothing and plays nothing.

import type { Piece } from "./recording";

/** How far ahead of the play head pieces are loaded, ms of the recording. */
export const LOOK_AHEAD_MS = 60_000;

/**
 * How many pieces are loaded at once for a moment long after the last full snapshot. One after another, each
 * would wait for the one before it.
 */
export const LOADS_AT_ONCE = 6;

/**
 * How many bytes of JSON one stage holds before it gives way to a new one at the next full snapshot. As
 * objects they take some three times as much.
 */
export const STAGE_BYTES = 48 * 1024 * 1024;

/** What a piece is known by, also when others have come before it. */
export function name({ seq, part }: Piece): string {
  return `${seq}/${part}`;
}

/**
 * Which piece to begin with in order to show a moment: the last that can begin before it, else the first that
 * can.
 */
export function beginning(pieces: readonly Piece[], at: number, broken: ReadonlySet<string>): number | null {
  let first: number | null = null;
  let best: number | null = null;
  pieces.forEach((piece, index) => {
    if (piece.snapshot === null || broken.has(name(piece))) return;
    first ??= index;
    if (piece.snapshot <= at) best = index;
  });
  return best ?? first;
}

/**
 * The pieces from `index` on without which a moment cannot be shown, in their order: what happened until then
 * is in them.
 */
export function needed(pieces: readonly Piece[], index: number, at: number, broken: ReadonlySet<string>): Piece[] {
  return pieces.slice(index).filter((piece, place) => !broken.has(name(piece)) && (place === 0 || piece.from <= at));
}

/** The next piece after those before `index` that is not known to be broken; `null` at the end. */
export function following(pieces: readonly Piece[], index: number, broken: ReadonlySet<string>): number | null {
  const found = pieces.findIndex((piece, place) => place >= index && !broken.has(name(piece)));
  return found < 0 ? null : found;
}

/** Whether a stage that holds so many bytes should end, for a new one to begin with this piece. */
export function turnsOver(held: number, piece: Piece): boolean {
  return piece.snapshot !== null && held + piece.bytes > STAGE_BYTES;
}
