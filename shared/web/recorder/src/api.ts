// `window.recapt`: what a site can say to the recorder, before it has loaded too.
//
//     (window.recapt = window.recapt || []).push(["identify", { email: "ada@example.com" }]);

/** Who the visitor is, as the site knows it. */
export interface Person {
  email?: unknown;
  user_id?: unknown;
  /** Signs the user id, or the e-mail address alone: the site's backend makes it, as for the Messenger. */
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

export interface Api extends Commands {
  /** The id of the session; null when nothing is recorded. */
  sessionId(): string | null;
  push(...calls: unknown[]): number;
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

/** The commands by name, from what a site pushes. What is none of them does nothing. */
export function run(commands: Commands, call: unknown): void {
  const [name, argument] = Array.isArray(call) ? (call as unknown[]) : [];
  if (name === "identify" && typeof argument === "object" && argument) commands.identify(argument);
  else if (name === "stop") commands.stop();
  else if (name === "reset") commands.reset();
}
