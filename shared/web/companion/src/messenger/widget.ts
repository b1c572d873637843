// Loads Intercom's script, and holds what is told before it is there.

import type { Own } from "./settings";

export type Intercom = (command: string, ...said: unknown[]) => void;

interface Site {
  Intercom?: Intercom & { q?: unknown[][]; c?: (said: unknown[]) => void };
  trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): unknown } };
}

/** Where the Messenger comes from, beside its first file. */
const FROM = /^https:\/\/[\w.-]+\.(intercom\.io|intercomcdn\.com)/;

/**
 * Gives how to speak to the Messenger. A site that has loaded it already goes on with its own. What
 * keeps it away is told in the console, once.
 */
export function load(site: Window, page: Document, { script }: Own): Intercom {
  const global = site as unknown as Site;
  const speak: Intercom = (...said) => global.Intercom?.(...said);
  if (global.Intercom) return speak;
  const held: NonNullable<Site["Intercom"]> = (...said) => held.c?.(said);
  held.q = [];
  held.c = (said) => void held.q?.push(said);
  global.Intercom = held;

  let hasTold = false;
  const tell = (why: string) => {
    if (!hasTold) console.warn(`Recapt: Intercom's Messenger does not work on this page: ${why}.`);
    hasTold = true;
  };
  page.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) => {
    if (FROM.test(blockedURI) || blockedURI === script) tell(`its Content-Security-Policy (${effectiveDirective}) forbids ${blockedURI}`);
  });
  const element = page.createElement("script");
  element.async = true;
  element.onerror = () => setTimeout(tell, 0, `${script} could not be loaded`);
  try {
    const policy = global.trustedTypes?.createPolicy("recapt", { createScriptURL: (url: string) => url });
    element.src = (policy?.createScriptURL(script) ?? script) as string;
    page.head.append(element);
  } catch {
    tell("its policy of trusted types does not allow one named recapt");
  }
  return speak;
}
