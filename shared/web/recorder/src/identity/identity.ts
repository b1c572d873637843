// Whose session it is, told to the server once for each session, and again when there is more to tell.

import { Backoff } from "../delivery/backoff";
import type { Server } from "../delivery/server";
import { type Storage, read, write } from "../storage";
import { jwtNames } from "./jwt";

export interface Aliases {
  email?: string;
  user_id?: string;
  anonymous_id?: string;
  visitor_id?: string;
  /** Signs the user id, or the e-mail address where there is no user id. */
  user_hash?: string;
  /** Has names of its own, and signs them. */
  intercom_user_jwt?: string;
}

/** In the order in which they are sent. */
const SENT = ["anonymous_id", "visitor_id", "email", "user_id", "user_hash", "intercom_user_jwt"] as const;

/** What a site says at once (`identify` in the page's head, the Messenger) goes in one request. */
const GATHERED_MS = 200;

interface Stored {
  session: string;
  /** What the tab knows of its visitor. */
  known: Aliases;
  /** What the server took of it. */
  told: string;
  /** What it refused, as it was sent: it would be refused again. */
  refused?: string;
}

const isStored = (value: unknown): value is Stored => typeof (value as Stored | null)?.known === "object";

/** Whom these name, as the server reads them: a JWT's names count before others. */
function names({ user_id, email, intercom_user_jwt }: Aliases): { user_id?: string; email?: string } {
  const signed = intercom_user_jwt ? jwtNames(intercom_user_jwt) : {};
  return { user_id: signed.user_id ?? user_id, email: signed.email ?? email };
}

/** What a `user_hash` beside these would cover. */
const covered = ({ user_id, email }: Aliases) => user_id || email;

/** As it is sent. */
const written = (aliases: Aliases) => JSON.stringify(aliases, [...SENT]);

/** What there is to tell: the same for a JWT that says again what an older one said. */
function essence(known: Aliases): string {
  const signed = known.intercom_user_jwt ? "jwt" : known.user_hash;
  return JSON.stringify([written({ ...known, user_hash: undefined, intercom_user_jwt: undefined }), names(known), signed]);
}

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
  contradicts(aliases: Aliases): boolean {
    const [known, said] = [names(this.state.known), names(aliases)];
    const differ = (one?: string, other?: string) => Boolean(one && other && one !== other);
    return differ(known.user_id, said.user_id) || (!(known.user_id && said.user_id) && differ(known.email, said.email));
  }

  /** Learns who the visitor is, and tells. A signature stays until there is another, or it covers no more. */
  learn(aliases: Aliases): void {
    const { known } = this.state;
    const isSigned = Boolean(aliases.user_hash || aliases.intercom_user_jwt);
    if (isSigned || covered({ ...known, ...aliases }) !== covered(known)) delete known.user_hash;
    if (isSigned) delete known.intercom_user_jwt;
    Object.assign(known, aliases);
    this.tellSoon();
  }

  /**
   * A new session: of the same visitor, or of one of whom nothing is known but `known`. Where another page of
   * the tab has begun it, that page knows whose it is.
   */
  renew(session: string, known?: Aliases): void {
    const found = read(this.storage, this.key, isStored);
    const isFound = !known && found?.session === session;
    this.state = isFound ? found : { session, known: { ...(known ?? this.state.known) }, told: "" };
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
      const [aliases, told] = [written(state.known), essence(state.known)];
      if (told === state.told || aliases === state.refused || aliases === "{}") break;
      const answer = await this.server.identify(state.session, aliases);
      if (answer === "later") {
        await new Promise((resolve) => setTimeout(resolve, this.backoff.next(this.server.wait)));
        continue;
      }
      if (answer === "taken") state.told = told;
      else state.refused = aliases;
      // Names may be refused, such as one whose signature has ended; the browser's own ids are taken without.
      if (answer === "never" && written(state.known) === aliases) {
        const { anonymous_id, visitor_id } = state.known;
        state.known = { anonymous_id, visitor_id };
      }
      this.backoff.reset();
      this.save();
    }
    this.isTelling = false;
  }

  private save(): void {
    write(this.storage, this.key, JSON.stringify(this.state));
  }
}
