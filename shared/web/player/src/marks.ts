// What of the recording's trouble stands where on the bar.

import { type Moment, bySeverity, isTrouble } from "./moments";
import { clock } from "./time";

/** How far apart two marks are at least, CSS pixels: as wide as one is. */
const MARK_PIXELS = 26;

/** How many moments a mark tells of by name. */
const MOST_NAMED = 6;

/** Moments at one place of the bar. */
export interface Mark {
  /** When the first of them was. */
  readonly at: number;
  /** The worst of their kinds gives the sign. */
  readonly kind: string;
  readonly label: string;
  readonly moments: readonly Moment[];
}

/** The marks of a bar of this width: where they would overlap there is one. */
export function marks(timeline: readonly Moment[], duration: number, width: number): Mark[] {
  const near = (duration * MARK_PIXELS) / Math.max(width, MARK_PIXELS);
  const groups: Moment[][] = [];
  for (const moment of timeline) {
    if (!isTrouble(moment)) continue;
    const last = groups.at(-1);
    if (last?.[0] && moment.at - last[0].at < near) last.push(moment);
    else groups.push([moment]);
  }
  return groups.map((moments) => ({
    at: moments[0]?.at ?? 0,
    kind: [...moments].sort(bySeverity)[0]?.kind ?? "",
    label: named(moments),
    moments,
  }));
}

function named(moments: readonly Moment[]): string {
  const lines = moments.slice(0, MOST_NAMED).map(({ at, text }) => `${clock(at)} ${text}`);
  const more = moments.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}

/** Which of a mark's moments is shown when it is pressed: the next one of them, and then the first again. */
export function pressed({ moments, at }: Mark, position: number): number {
  return moments.find((moment) => moment.at > position + 500)?.at ?? at;
}
