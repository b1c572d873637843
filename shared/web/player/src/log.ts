// What the page logged and what it asked for, as far as the recording holds it: loaded once somebody wants
// it, a part after the other.

import { type Fields, fields, list, number, text, texts } from "./json";

/** A line of the console. */
export interface Line {
  /** Ms from the session's start. */
  readonly at: number;
  /** `error`, `warn`, `info`, `log` or `debug`. */
  readonly level: string;
  /** Whether nobody caught it. */
  readonly thrown: boolean;
  readonly text: string;
  readonly stack: readonly string[];
  readonly fingerprint: string | null;
}

/** A request of the page. */
export interface Asked {
  /** Ms from the session's start. */
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly status: number | null;
  /** Ms. */
  readonly duration: number | null;
  /** How it ended: `ok`, `refused`, `unanswered`, or `unknown`. */
  readonly outcome: string;
  /** The problem that it is, if it failed. */
  readonly fingerprint: string | null;
}

/** A part of the log, and where the next one begins. */
export interface LogPart {
  readonly lines: readonly Line[];
  readonly requests: readonly Asked[];
  /** Whether all of it is there. */
  readonly complete: boolean;
  /** The first chunk that had no room in it; null when it goes up to the last that there is. */
  readonly next: number | null;
  /** The first chunk that is not in it; null when the server does not say. */
  readonly until?: number | null;
}

/** Most lines, and most requests, that are kept. */
const MOST = 20_000;

/** Reads the server's answer, whose times are by the visitor's clock. */
export function parseLog(json: unknown, start: number): LogPart {
  const answer = fields(json);
  const at = (given: Fields) => Math.max(0, number(given.at) - start);
  const lines = list(answer.lines).map((line) => ({
    at: at(line),
    level: text(line.level),
    thrown: line.thrown === true,
    text: text(line.text),
    stack: texts(line.stack),
    fingerprint: text(line.fingerprint) || null,
  }));
  const requests = list(answer.requests).map((asked) => ({
    at: at(asked),
    method: text(asked.method) || "GET",
    url: text(asked.url),
    status: typeof asked.status === "number" && asked.status > 0 ? asked.status : null,
    duration: typeof asked.duration_ms === "number" ? asked.duration_ms : null,
    outcome: text(asked.outcome),
    fingerprint: text(asked.fingerprint) || null,
  }));
  const chunk = (given: unknown) => (typeof given === "number" ? given : null);
  return { lines, requests, complete: answer.complete !== false, next: chunk(answer.next), until: chunk(answer.until) };
}

export type LogStatus = "unasked" | "loading" | "failed" | "loaded" | "full";

export class Log {
  lines: Line[] = [];
  requests: Asked[] = [];
  status: LogStatus = "unasked";
  /** Whether nothing of what was loaded is left out. */
  complete = true;
  onChange: () => void = () => {};
  private next = 0;
  private loading: Promise<void> | null = null;

  /** `until`: the number of the last chunk that has come. */
  constructor(
    private readonly ask: (from: number) => Promise<LogPart>,
    private until: number,
  ) {}

  /** Loads what there is and is not here yet. */
  load(): Promise<void> {
    this.loading ??= this.rest().finally(() => (this.loading = null));
    return this.loading;
  }

  /** More chunks have come; whoever has asked gets them too. */
  extend(until: number): void {
    if (until <= this.until) return;
    this.until = until;
    if (this.status === "loaded") void this.load();
  }

  private get isFull(): boolean {
    return this.lines.length >= MOST || this.requests.length >= MOST;
  }

  private async rest(): Promise<void> {
    this.status = "loading";
    this.onChange();
    try {
      let isMore = true;
      while (isMore && this.next <= this.until && !this.isFull) {
        const [from, until] = [this.next, this.until];
        const part = await this.ask(from);
        this.lines = joined(this.lines, part.lines);
        this.requests = joined(this.requests, part.requests);
        this.complete &&= part.complete;
        // The server may have sent more than the index told of: that is not asked for again.
        this.next = part.next === null ? Math.max(part.until ?? until + 1, from) : Math.max(part.next, from + 1);
        isMore = this.next > from;
        this.onChange();
      }
      this.status = this.isFull && this.next <= this.until ? "full" : "loaded";
    } catch {
      this.status = "failed";
    }
    this.onChange();
  }
}

/**
 * Both lists in order: recorders tell of a request when it has ended, and chunks overlap. The list itself
 * where there is nothing more, so that nobody draws it again.
 */
function joined<Item extends { readonly at: number }>(items: Item[], more: readonly Item[]): Item[] {
  if (more.length === 0) return items;
  return [...items, ...more].sort((one, other) => one.at - other.at);
}
