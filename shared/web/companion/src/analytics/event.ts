// A call as an event of the wire that analytics clients share.

import type { Call } from "../call";
import type { Names, Signature } from "../person";

/** What is known when a call is made. */
export interface Known {
  names: Names;
  signature: Signature;
  anonymousId?: string;
  context: Record<string, unknown>;
  messageId: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** What signs is told in a place of its own. */
const SIGNATURES = ["user_hash", "userHash", "intercom_user_jwt"];

export type Event = Record<string, unknown>;

/** The event of a call; none of a `reset`, which is the browser's own affair. */
export function event(call: Call, known: Known): Event | undefined {
  if (call.type === "reset") return undefined;
  const { names, signature, anonymousId, messageId } = known;
  const { integrations, context, intercom } = call.options;
  const forIntercom = without(intercom, SIGNATURES);
  // The server reads a signature where Segment's documents put it.
  const toIntercom = { ...forIntercom, ...signature };
  const isAddressed = Object.keys(toIntercom).length > 0 && integrations?.["Intercom"] !== false;
  const email = call.type === "identify" ? undefined : names.email;
  return {
    type: call.type,
    messageId,
    timestamp: new Date(known.at).toISOString(),
    anonymousId,
    userId: names.user_id,
    ...content(call),
    context: { ...known.context, ...(email !== undefined && { traits: { email } }), ...context },
    integrations: isAddressed ? { ...integrations, Intercom: toIntercom } : integrations,
  };
}

function content(call: Exclude<Call, { type: "reset" }>): Event {
  switch (call.type) {
    case "identify":
      return { traits: without(call.traits, ["user_id", ...SIGNATURES]) };
    case "track":
      return { event: call.event, properties: call.traits };
    case "page":
      return { name: call.name, category: call.category, properties: call.traits };
    case "group":
      return { groupId: call.groupId, traits: call.traits };
    case "alias":
      return { userId: call.userId, previousId: call.previousId };
  }
}

function without(object: Record<string, unknown>, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
