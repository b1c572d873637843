// Who the visitor is: what a site has said of them, on this page and on those before.

import { jwtNames } from "../../recorder/src/identity/jwt";
import { type Storage, read, write } from "../../recorder/src/storage";
import { type Call, isName } from "./call";
import { hasEnded } from "./jwt";

export interface Names {
  user_id?: string;
  email?: string;
}

/** What Intercom's Messenger takes as a signature: one of both, never both. */
export interface Signature {
  user_hash?: string;
  intercom_user_jwt?: string;
}

const NAMES = ["user_id", "email"] as const;
const isNames = (value: unknown): value is Names => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Names are the browser's, as with any analytics client; signatures are a tab's, for they open
 * conversations.
 */
export class Person {
  /** What is known where nothing is stored. */
  private kept: Names = {};
  private signed: Names & Signature = {};

  constructor(
    private readonly browser: Storage,
    private readonly tab: Storage,
    private readonly key: string,
    private readonly now: () => number,
  ) {}

  get names(): Names {
    const found = read(this.browser, this.key, isNames) ?? this.kept;
    return Object.fromEntries(NAMES.flatMap((name) => (isName(found[name]) ? [[name, String(found[name])]] : [])));
  }

  /** As long as it covers whom the names name, and has not ended. */
  get signature(): Signature {
    const signed = read(this.tab, this.key, isNames) ?? this.signed;
    const { user_hash, intercom_user_jwt, ...covered } = signed as Names & Signature;
    const { user_id, email } = this.names;
    if (covered.user_id !== user_id || (!user_id && covered.email !== email)) return {};
    if (intercom_user_jwt) return hasEnded(intercom_user_jwt, this.now()) ? {} : { intercom_user_jwt };
    return user_hash ? { user_hash } : {};
  }

  /** Learns from a call; whether the visitor is somebody else from then on, or nobody known. */
  take(call: Call): boolean {
    if (call.type === "reset") return this.forget();
    if (call.type === "alias") this.learn({ ...this.forgotten(), user_id: call.userId });
    return call.type === "identify" && this.learn(call.traits);
  }

  learn(traits: Record<string, unknown>): boolean {
    const { user_hash, intercom_user_jwt } = traits;
    const jwt = isName(intercom_user_jwt) ? String(intercom_user_jwt) : undefined;
    const signed = jwt === undefined ? {} : jwtNames(jwt);
    const told: Names = {};
    for (const name of NAMES) {
      const value = signed[name] ?? traits[name];
      if (isName(value)) told[name] = String(value);
    }
    const known = this.names;
    const isOther = differ(known.user_id, told.user_id) || (!(known.user_id && told.user_id) && differ(known.email, told.email));
    if (isOther) this.forget();
    const before = this.signature;
    this.kept = { ...this.names, ...told };
    write(this.browser, this.key, JSON.stringify(this.kept));
    const signature = jwt !== undefined ? { intercom_user_jwt: jwt } : isName(user_hash) ? { user_hash: String(user_hash) } : undefined;
    if (signature) {
      this.signed = { ...this.kept, ...signature };
      if (!write(this.tab, this.key, JSON.stringify(this.signed))) this.tab.removeItem(this.key);
    } else if (before.user_hash && !known.user_id && told.user_id) {
      // It covers the address alone.
      this.tab.removeItem(this.key);
      this.signed = {};
    }
    return isOther;
  }

  /** The names but for the user id, which is another from now on, as is what signs it. */
  private forgotten(): Names {
    const { email } = this.names;
    this.forget();
    return { email };
  }

  private forget(): boolean {
    this.kept = {};
    this.signed = {};
    this.browser.removeItem(this.key);
    this.tab.removeItem(this.key);
    return true;
  }
}

const differ = (one?: string, other?: string) => Boolean(one && other && one !== other);
