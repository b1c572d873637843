// `window.recapt`: what a site can say to the recorder, before it has loaded too.
//
//     (window.recapt = window.recapt || []).push(["identify", { email: "ada@example.com" }]);

/** Who the visitor is, as the site knows it. */
export interface Person {
  email?: unknown;
  user_id?: unknown;
  /**
   * Signs the user id, or the e-mail address alone: the site's backend makes it, as for the Messenger.
   */
  user_hash?: unknown;
  /** Names the person and signs that, as for the Messenger. It is enough alone. */
  intercom_user_jwt?: unknown;
}

export interface Commands {
  /** Says whose session it is. */
  identify(person: Person): void;
  /** Ends recording, for this session's other pages too. */
  stop(): void;
  /** Somebody signed out: what follows is another session, of nobody known. */
  reset(): void;
}

/**
 * What `window.recapt` has methods for. The recorder takes the first three, the companion all but
 * `stop`.
 */
export const NAMES = ["identify", "reset", "stop", "track", "page", "group", "alias"] as const;

export interface Api extends Record<(typeof NAMES)[number], (...said: unknown[]) => void> {
  /** The id of the session; null when nothing is recorded. */
  sessionId(): string | null;
  push(...calls: unknown[]): number;
}

/** A call, and when it was made. */
export interface Told {
  call: unknown;
  at: number;
}

const SAID = ["email", "user_id", "user_hash", "intercom_user_jwt"] as const;

/** The aliases of a person, and what signs them: what is neither a text nor a number names nobody. */
export function aliases(person: Person): Partial<Record<(typeof SAID)[number], string>> {
  const named = SAID.flatMap((name) => {
    const value = person[name];
    return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
  });
  return Object.fromEntries(named);
}

/**
 * Whom an `identify` names: `{ user_id, email, … }`, or as analytics clients say it, the user id,
 * traits, and options in which a signature may stand.
 */
export function said([first, second, third]: unknown[]): Record<string, unknown> | undefined {
  const isNamed = first !== "" && (typeof first === "string" || typeof first === "number");
  const [traits, options] = isNamed ? [second, third] : [first, second];
  if (!isNamed && !isObject(traits)) return undefined;
  const { Intercom, integrations } = (options ?? {}) as { Intercom?: unknown; integrations?: { Intercom?: unknown } };
  const { user_hash, userHash = user_hash, intercom_user_jwt } = { ...(integrations?.Intercom ?? (Intercom as object)) } as Record<string, unknown>;
  return {
    ...(traits as object),
    ...(isNamed && { user_id: first }),
    ...(userHash !== undefined && { user_hash: userHash }),
    ...(intercom_user_jwt !== undefined && { intercom_user_jwt }),
  };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** The commands by name, from what a site pushes. What is none of them does nothing. */
export function run(commands: Commands, call: unknown): void {
  const [name, ...rest] = Array.isArray(call) ? (call as unknown[]) : [];
  const person = name === "identify" ? said(rest) : undefined;
  if (person) commands.identify(person);
  else if (name === "stop") commands.stop();
  else if (name === "reset") commands.reset();
}
