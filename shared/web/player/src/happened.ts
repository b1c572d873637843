// The list of what happened: the summary's rows at once, and all of them as soon as they are here.

import { icon } from "./bar";
import { element } from "./dom";
import { KINDS, type Moment, type Timeline, isTrouble } from "./moments";
import { Panel, type PanelKind } from "./panel";
import type { Recording } from "./recording";
import { clock } from "./time";

const MOMENTS: PanelKind<Moment> = {
  noun: "moments",
  at: ({ at }) => at,
  key: ({ at, last, kind, text, count }) => `${at} ${last} ${kind} ${count} ${text}`,
  text: ({ text, kind, label }) => `${text} ${KINDS[kind] ?? ""} ${label}`,
  choices: (moments) => [
    { label: "Everything", has: () => true },
    { label: "Problems", has: isTrouble },
    ...Object.entries(KINDS)
      .filter(([kind]) => moments.some((moment) => moment.kind === kind))
      .map(([kind, label]) => ({ label, has: (moment: Moment) => moment.kind === kind })),
  ],
  draw: ({ at, kind, text }) => {
    const link = { class: `moment kind-${kind}`, href: `?t=${Math.floor(at / 1_000)}`, "data-at": `${at}` };
    return [element("a", link, element("time", {}, clock(at)), icon(kind), element("span", {}, text))];
  },
};

/** Says what is in the list, where that is not all. */
function shortfall({ complete, moments }: Timeline): string {
  return complete ? "" : `These ${moments.length} are not all: some of it is missing, or too much to list.`;
}

/** A row may stand for equal moments that are so far apart, ms: the list need not tell them apart. */
const JOINED_MS = 10_000;

/**
 * Whether the summary tells all: of most visits it does. It joins what is equal within a minute, and then
 * has one row for moments that are far apart.
 */
export function isAll({ timeline, total }: Recording): boolean {
  return timeline.length === total && timeline.every(({ at, last }) => last - at <= JOINED_MS);
}

export class Happened {
  private readonly panel: Panel<Moment>;
  /** What is known: of the summary, or all of it. */
  moments: readonly Moment[];
  private isWhole = false;
  private isAsked = false;
  private isStale = false;

  constructor(
    root: HTMLElement,
    private recording: Recording,
    private readonly ask: () => Promise<Timeline>,
    private readonly onChange: () => void,
  ) {
    this.panel = new Panel(root, MOMENTS);
    this.moments = recording.timeline;
    this.panel.set(this.moments);
    if (!isAll(recording)) void this.load();
  }

  follow(position: number): void {
    this.panel.follow(position);
  }

  /**
   * Takes a later state of a session that is under way: where its summary tells something else, there
   * is more.
   */
  update(recording: Recording): void {
    const hasNews = JSON.stringify(recording.timeline) !== JSON.stringify(this.recording.timeline);
    this.recording = recording;
    if (!hasNews) return;
    if (!isAll(recording)) return void this.load();
    this.moments = recording.timeline;
    this.panel.set(this.moments);
    this.onChange();
  }

  /** Loads all of it, and once more if more has come in the meantime. */
  private async load(): Promise<void> {
    this.isStale = this.isAsked;
    if (this.isAsked) return;
    this.isAsked = true;
    if (!this.isWhole) this.panel.say("The most important moments. Loading the others …");
    try {
      const timeline = await this.ask();
      [this.moments, this.isWhole] = [timeline.moments, true];
      this.panel.set(timeline.moments);
      this.panel.say(shortfall(timeline));
      this.onChange();
    } catch {
      const known = this.isWhole ? "What happened since could not be loaded." : "The most important moments. The others could not be loaded.";
      this.panel.say(known, () => void this.load());
    }
    this.isAsked = false;
    if (this.isStale) void this.load();
  }
}
