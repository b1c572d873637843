// The server: what is sent to it, and what its answers ask for.

/** What to do after a request. */
export type Answer =
  /** Stored for good. */
  | "taken"
  /** Nobody's fault that sending again would not mend. */
  | "later"
  /** This session belongs to another recorder, or to somebody who is to be forgotten. */
  | "another session"
  /** Nothing that is sent will be taken. */
  | "never";

/** What browsers let requests that outlive their page have in flight, all together: 64 kB. */
const KEPT_ALIVE_BYTES = 60_000;
/** A request that was not answered by then is tried again. */
const TIMEOUT_MS = 60_000;
/** A server that asks for more patience is asked again all the same: it may have changed its mind. */
const LONGEST_WAIT_MS = 300_000;

type Body = string | Uint8Array<ArrayBuffer>;

export class Server {
  private keptAlive = 0;
  private asked = 0;

  constructor(
    private readonly endpoint: string,
    private readonly writeKey: string,
    private readonly fetch: typeof window.fetch,
  ) {}

  chunk(session: string, seq: number, body: Body): Promise<Answer> {
    return this.post(`${session}/chunks/${seq}`, body);
  }

  identify(session: string, aliases: string): Promise<Answer> {
    return this.post(`${session}/identify`, aliases);
  }

  /** How long the last answer asked to wait. */
  get wait(): number {
    return this.asked;
  }

  /** Whether a request of this size would still be sent if the page were left. */
  canOutlivePage(body: Body): boolean {
    return this.keptAlive + bytes(body) <= KEPT_ALIVE_BYTES;
  }

  /**
   * Never rejects. A simple request in the sense of CORS: no preflight doubles it. What is packed goes
   * without a Content-Type, for Lambda reads what calls itself text as UTF-8.
   */
  private async post(path: string, body: Body): Promise<Answer> {
    const keepalive = this.canOutlivePage(body);
    const size = keepalive ? bytes(body) : 0;
    this.keptAlive += size;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const url = `${this.endpoint}/v1/sessions/${path}?recorder=recapt&write_key=${encodeURIComponent(this.writeKey)}`;
      const response = await this.fetch(url, {
        method: "POST",
        body,
        keepalive,
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: abort.signal,
      });
      this.asked = wait(response.headers.get("Retry-After"));
      const said = answer(response.status);
      // A sentence for whoever sets this up: which key, which site, which name.
      if (said === "never") console.warn("Recapt:", await response.text().catch(() => response.status));
      return said;
    } catch {
      this.asked = 0;
      return "later";
    } finally {
      clearTimeout(timer);
      this.keptAlive -= size;
    }
  }
}

/** What a status asks for: of the 4xx, the ones that time heals are tried again. */
export function answer(status: number): Answer {
  if (status >= 200 && status < 300) return "taken";
  if (status === 409 || status === 410) return "another session";
  return status >= 500 || status === 408 || status === 425 || status === 429 ? "later" : "never";
}

/** The seconds of a `Retry-After` as milliseconds; a date is not what our server sends. */
export function wait(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? 0);
  return seconds > 0 ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : 0;
}

/** As sent: UTF-8 takes up to three bytes for what is one character here. */
function bytes(body: Body): number {
  return typeof body === "string" ? new TextEncoder().encode(body).length : body.length;
}
