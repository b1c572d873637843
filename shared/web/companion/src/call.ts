// The calls of a site, as analytics clients know them.

import { said } from "../../recorder/src/api";

export type Traits = Record<string, unknown>;

/** What goes with a call beside what it says. */
export interface Options {
  integrations?: Record<string, unknown>;
  context?: Traits;
  /** What is for Intercom alone: `user_hash`, `hide_default_launcher`. */
  intercom: Traits;
}

export type Call =
  | { type: "identify"; traits: Traits; options: Options; said: unknown }
  | { type: "track"; event: string; traits: Traits; options: Options }
  | { type: "page"; name?: string; category?: string; traits: Traits; options: Options }
  | { type: "group"; groupId?: string; traits: Traits; options: Options }
  | { type: "alias"; userId: string; previousId?: string; options: Options }
  | { type: "reset" };

/** A call as it was pushed; none when it is not one of these, or says nothing. */
export function parse(pushed: unknown): Call | undefined {
  const [type, ...rest] = Array.isArray(pushed) ? (pushed as unknown[]) : [];
  switch (type) {
    case "reset":
      return { type };
    case "identify": {
      const [traits, last] = [said(rest), isName(rest[0]) ? rest[2] : rest[1]];
      return traits && { type, traits, options: options(last), said: rest[0] };
    }
    case "track": {
      const [event, traits, last] = rest;
      return isName(event) ? { type, event: String(event), traits: object(traits), options: options(last) } : undefined;
    }
    case "page":
      return page(rest);
    case "group": {
      const [id, traits, last] = isName(rest[0]) ? rest : [undefined, ...rest];
      return { type, groupId: id === undefined ? undefined : String(id), traits: object(traits), options: options(last) };
    }
    case "alias": {
      const [id, previous, last] = rest;
      if (!isName(id)) return undefined;
      return { type, userId: String(id), previousId: isName(previous) ? String(previous) : undefined, options: options(last) };
    }
    default:
      return undefined;
  }
}

/** `page(category?, name?, properties?, options?)`: one text alone is the name. */
function page(rest: unknown[]): Call {
  const names = rest.slice(0, 2).filter(isName).map(String);
  const [traits, last] = rest.slice(names.length);
  const [category, name] = names.length > 1 ? names : [undefined, names[0]];
  return { type: "page", name, category, traits: object(traits), options: options(last) };
}

function options(value: unknown): Options {
  const { integrations, context, Intercom } = object(value);
  const said = integrations === undefined ? undefined : object(integrations);
  return { integrations: said, context: context === undefined ? undefined : object(context), intercom: { ...object(Intercom), ...object(said?.["Intercom"]) } };
}

/** A text or a number, which name people, events and groups. */
export function isName(value: unknown): value is string | number {
  return (typeof value === "string" && value !== "") || (typeof value === "number" && Number.isFinite(value));
}

export function object(value: unknown): Traits {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Traits) : {};
}
