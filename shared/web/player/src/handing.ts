// What whoever watches takes along: the link to this moment, and the report to engineering.

import { announce, copied, showToCopy } from "./copying";
import { find } from "./dom";
import type { LogPart } from "./log";
import type { Moment } from "./moments";
import type { Recording } from "./recording";
import { AFTER_MS, BEFORE_MS, report } from "./report";
import { forAnyone, linkTo } from "./share";
import type { Source } from "./source";

/** Most answers that a report waits for: the minutes before a moment seldom take more than one. */
const MOST_PARTS = 10;

/** What is known of the recording at the moment that somebody asks. */
export interface Watched {
  readonly position: number;
  readonly moments: readonly Moment[];
  readonly recording: Recording;
}

const NOTHING: LogPart = { lines: [], requests: [], complete: false, next: null };

export class Handing {
  constructor(
    private readonly page: HTMLElement,
    private readonly source: Source,
    private readonly watched: () => Watched,
  ) {
    find(page, ".copy-link").addEventListener("click", () => void this.link());
    find(page, ".copy-report").addEventListener("click", () => void this.report());
  }

  async link(): Promise<void> {
    const { position, recording } = this.watched();
    const made = linkTo(this.source, recording.link, this.page.dataset.csrf, position / 1_000);
    await this.hand(made.then(({ url }) => url), async () => `Link to this moment copied. ${forAnyone((await made).expires)}`);
  }

  async report(): Promise<void> {
    const { position: at, moments, recording } = this.watched();
    const made = linkTo(this.source, recording.link, this.page.dataset.csrf, at / 1_000);
    const text = async () => {
      // Without it there are no stacks, and all else.
      const { lines, requests } = await this.around(at, recording).catch(() => NOTHING);
      const startedAt = Number(this.page.dataset.startedAt);
      const { url: link } = await made;
      return report({ at, startedAt, link, moments, lines, requests, environment: recording.environment });
    };
    announce(this.page, "Writing the report …");
    await this.hand(text(), async () => `Report copied. Paste it into your issue tracker. ${forAnyone((await made).expires)}`);
  }

  /** What was logged and asked for in the time that the report is about. */
  private async around(at: number, { pieces }: Recording): Promise<LogPart> {
    const from = pieces.filter(({ until }) => until < at - BEFORE_MS).at(-1)?.seq ?? 0;
    const until = pieces.find((piece) => piece.from > at + AFTER_MS)?.seq ?? Infinity;
    const parts: LogPart[] = [];
    for (let next: number | null = from; next !== null && next <= until && parts.length < MOST_PARTS; ) {
      const part: LogPart = await this.source.log(next, Number(this.page.dataset.startedAt));
      parts.push(part);
      next = part.next;
    }
    const [lines, requests] = [parts.flatMap((part) => part.lines), parts.flatMap((part) => part.requests)];
    return { ...NOTHING, lines, requests };
  }

  private async hand(text: Promise<string>, done: () => Promise<string>): Promise<void> {
    const isCopied = await copied(text);
    try {
      const made = await text;
      if (!isCopied) showToCopy(this.page, made);
      announce(this.page, isCopied ? await done() : "Your browser did not let the page copy. Copy the text yourself.");
    } catch {
      announce(this.page, "The link could not be made. Reload the page, and try again.");
    }
  }
}
