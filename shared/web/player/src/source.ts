// Where the recording comes from: the index and the pieces, over HTTP.

import { type LogPart, parseLog } from "./log";
import { type Timeline, parseTimeline } from "./moments";
import { type Piece, type Recording, parseRecording } from "./recording";

/**
 * How often something is tried that may work the next time, and how long is waited before each further try,
 * ms.
 */
const PAUSES = [500, 2_000];

/** Why something cannot be loaded, as a sentence for whoever watches. */
export class LoadError extends Error {
  /** `mayPass`: whether it may work the next time. */
  constructor(
    message: string,
    readonly mayPass = false,
  ) {
    super(message);
  }
}

/** What asks the server. A cookie of the page's path opens what the page itself was opened with. */
export class Source {
  /** The page's own address without its query. */
  private readonly base: string;

  constructor(page: Location) {
    this.base = page.pathname.replace(/\/$/, "");
  }

  async recording(): Promise<Recording> {
    return parseRecording(await this.json(`${this.base}/recording`));
  }

  /** All that happened. */
  async timeline(): Promise<Timeline> {
    return parseTimeline(await this.json(`${this.base}/timeline`));
  }

  /** What the page logged and asked for, from a chunk on. `start`: of the session, by the visitor's clock. */
  async log(from: number, start: number): Promise<LogPart> {
    return parseLog(await this.json(`${this.base}/log?from=${from}`), start);
  }

  /** The events of a piece. */
  async events(piece: Piece, signal: AbortSignal): Promise<unknown[]> {
    const events = await this.json(`${this.base}/events/${piece.seq}/${piece.part}`, signal);
    if (!Array.isArray(events)) throw new LoadError("is damaged");
    return events;
  }

  /** Makes a link that whoever has it can look with. */
  async share(form: Readonly<Record<string, string>>): Promise<{ url: string; expires: Date }> {
    const response = await fetch(`${this.base}/share`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    if (!response.ok) throw complaint(response);
    const { path, expires_at } = await response.json();
    return { url: new URL(path, location.href).href, expires: new Date(expires_at) };
  }

  private async json(path: string, signal?: AbortSignal): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      const pause = PAUSES[attempt];
      try {
        const response = await fetch(path, { signal: signal ?? null });
        if (response.ok) return await response.json();
        if (response.status < 500 || pause === undefined) throw complaint(response);
      } catch (error) {
        if (error instanceof LoadError || signal?.aborted) throw error;
        if (error instanceof SyntaxError) throw new LoadError("is damaged");
        if (pause === undefined) throw new LoadError("could not be loaded", true);
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** What an answer that is none says of itself. */
function complaint({ status }: Response): LoadError {
  if (status === 413) return new LoadError("is too large to play");
  if (status === 404) return new LoadError("is not there any more");
  return new LoadError("could not be loaded", true);
}
