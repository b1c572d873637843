// Whose session it is, told to the server once for each session, and again when there is more to tell.

import { Backoff } from "../delivery/backoff";
import type { Server } from "../delivery/server";
import { type Storage, read, write } from "../storage";

export interface Aliases {
  email?: string;
  user_id?: string;
  anonymous_id?: string;
  visitor_id?: string;
}

/** What a site says at once (`identify` in the page's head, the Messenger) goes in one request. */
const GATHERED_MS = 200;

interface Stored {
  session: string;
  /** What the tab knows of its visitor. */
  known: Aliases;
  /** What the server took of it, as it was sent. */
  told: string;
}

const isStored = (value: unknown): value is Stored => typeof (value as Stored | null)?.known === "object";

export class Identity {
  private state: Stored;
  private timer: unknown;
  private isTelling = false;
  private readonly backoff: Backoff;

  constructor(
    private readonly storage: Storage,
    private readonly key: string,
    private readonly server: Server,
    session: string,
    random: () => number,
  ) {
    this.backoff = new Backoff(random);
    const found = read(storage, key, isStored);
    this.state = found?.session === session ? found : { session, known: {}, told: "" };
  }

  /** Whether these aliases name somebody else than whom the session is known to be of. */
  contradicts({ email, user_id }: Aliases): boolean {
    const { known } = this.state;
    const differ = (one?: string, other?: string) => Boolean(one && other && one !== other);
    return differ(known.user_id, user_id) || (!(known.user_id && user_id) && differ(known.email, email));
  }

  /** Learns who the visitor is, and tells. */
  learn(aliases: Aliases): void {
    Object.assign(this.state.known, aliases);
    this.tellSoon();
  }

  /** A new session: of the same visitor, or of one of whom nothing is known but `known`. */
  renew(session: string, known: Aliases = this.state.known): void {
    this.state = { session, known: { ...known }, told: "" };
    this.tellSoon();
  }

  private tellSoon(): void {
    this.save();
    clearTimeout(this.timer as number);
    this.timer = setTimeout(() => void this.tell(), GATHERED_MS);
  }

  private async tell(): Promise<void> {
    if (this.isTelling) return;
    this.isTelling = true;
    for (;;) {
      const { state } = this;
      const aliases = JSON.stringify(state.known);
      if (aliases === state.told || aliases === "{}") break;
      const answer = await this.server.identify(state.session, aliases);
      if (answer === "later") {
        await new Promise((resolve) => setTimeout(resolve, this.backoff.next(this.server.wait)));
      } else {
        // What is refused would be refused again.
        state.told = aliases;
        this.backoff.reset();
        this.save();
      }
    }
    this.isTelling = false;
  }

  private save(): void {
    write(this.storage, this.key, JSON.stringify(this.state));
  }
}
