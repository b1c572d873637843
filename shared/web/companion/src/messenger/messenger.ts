// Intercom's Messenger on this page: who it is for, and what it is told.

import { now } from "../../../recorder/src/clock";
import type { Call, Traits } from "../call";
import { type Attributes, attributes, companyOf } from "./attributes";
import type { Own } from "./settings";
import { signed } from "./signed";
import { Updates } from "./updates";
import type { Intercom } from "./widget";

export class Messenger {
  private readonly updates: Updates;
  /** What it is to know of the person. */
  private person: Attributes;
  private isBooted = false;
  private hasBegun = false;
  private hasWarned = false;

  constructor(
    private readonly own: Own,
    private readonly intercom: Intercom,
  ) {
    this.person = { ...own.person };
    this.updates = new Updates((changed) => intercom("update", signed({ ...this.signature(), ...changed })), now);
  }

  /** The page has said what it says at first. */
  begin(): void {
    this.hasBegun = true;
    this.boot();
  }

  /**
   * `isOther`: whether the call is about somebody else than those before; `tracks`: whether events go
   * this way.
   */
  take(call: Call, isOther: boolean, tracks: boolean): void {
    if (isOther) this.shutdown();
    if (call.type === "reset") return;
    const look = attributes(call.options.intercom);
    switch (call.type) {
      case "identify":
        return this.tell({ ...attributes(call.traits), ...look });
      case "group":
        return this.tell({ ...this.company(call), ...look });
      case "page":
        return this.tell(look, true);
      case "track":
        if (tracks) this.intercom("trackEvent", call.event, call.traits);
        return this.tell(look);
    }
  }

  private company({ groupId, traits }: { groupId?: string; traits: Traits }): Attributes {
    const company = companyOf({ ...traits, ...(groupId !== undefined && { company_id: groupId }) });
    if (!company && !this.hasWarned) {
      console.warn("Recapt: the Messenger takes a company with an id and a name alone.");
      this.hasWarned = true;
    }
    return company ? { company } : {};
  }

  /** Tells what is new; `isVisit`: also when nothing is, for then it looks for new messages. */
  private tell(told: Attributes, isVisit = false): void {
    const changed = Object.fromEntries(Object.entries(told).filter(([name, value]) => !same(this.person[name], value)));
    this.learn(changed);
    if (!this.hasBegun) return;
    if (!this.isBooted) this.boot();
    else if (isVisit || Object.keys(changed).length > 0) this.updates.add(changed);
  }

  /** A signature is replaced by another, of either kind, and goes when it covers no more. */
  private learn(changed: Attributes): void {
    const isSigned = Boolean(changed["user_hash"] || changed["intercom_user_jwt"]);
    const isNamed = "user_id" in changed || ("email" in changed && !this.person["user_id"]);
    if (isSigned || isNamed) delete this.person["user_hash"];
    if (isSigned) delete this.person["intercom_user_jwt"];
    Object.assign(this.person, changed);
  }

  /** Whom an update is about. */
  private signature(): Attributes {
    const names = ["user_id", "email", "user_hash", "intercom_user_jwt"];
    return Object.fromEntries(Object.entries(this.person).filter(([name]) => names.includes(name)));
  }

  private boot(): void {
    this.isBooted = true;
    this.updates.drop();
    this.intercom("boot", signed({ ...this.own.look, ...this.person }));
  }

  /** Nobody who comes after sees what was said before. */
  private shutdown(): void {
    this.updates.drop();
    this.person = {};
    // Also on a page that has not booted it: it knows people by a cookie.
    this.intercom("shutdown");
    this.isBooted = false;
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
