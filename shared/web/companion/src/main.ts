// What the recorder loads beside itself where its tag asks for more:
//
//     <script async src="…/recorder.js" data-write-key="…" data-analytics data-intercom-app-id="…"></script>
//
// Analytics sends what a site tells of its visitors to our server, the Messenger is Intercom's own.
// Whatever goes wrong here goes wrong without the page's noticing.

import type { Api, Told } from "../../recorder/src/api";
import { now } from "../../recorder/src/clock";
import { cookiesOf } from "../../recorder/src/cookies";
import { anonymousId } from "../../recorder/src/identity/visitor";
import { newId } from "../../recorder/src/identity/ids";
import { open, read } from "../../recorder/src/storage";
import { Analytics } from "./analytics/analytics";
import { watchPage } from "./analytics/page";
import { isName, object, parse } from "./call";
import { Messenger } from "./messenger/messenger";
import { ownSettings } from "./messenger/settings";
import { load } from "./messenger/widget";
import { Person } from "./person";
import { type Handed, settings } from "./settings";

type Site = Window & { intercomSettings?: unknown; recapt?: Partial<Api> };

/** Begins; gives what takes the calls that the recorder has run. */
export function begin(handed: Handed): (told: Told[]) => void {
  const site = window as Site;
  const wanted = settings(handed.dataset);
  const [tab, browser, cookies] = [open("sessionStorage"), open("localStorage"), cookiesOf(document)];
  const key = (name: string) => `recapt.${handed.writeKey}.${name}`;
  const person = new Person(browser, tab, key("person"), now);
  const snippet = namesOf(site.intercomSettings);
  if (snippet) person.learn(snippet);

  const own = wanted.messenger && ownSettings(site, wanted.messenger);
  const messenger = own && new Messenger(own, load(site, document, own));
  const visitor = () => anonymousId(browser, cookies, newId);
  const analytics = wanted.isAnalytics ? new Analytics(handed, person, visitor, browser, key("event.")) : undefined;
  const take = ({ call: said, at }: Told) => {
    const call = parse(said);
    // The snippet has told the Messenger itself, which tells Intercom.
    if (!call || (call.type === "identify" && call.said === snippet)) return;
    if (call.type === "alias") call.previousId ??= person.names.user_id ?? visitor();
    const isOther = person.take(call);
    analytics?.take(call, at);
    messenger?.take(call, isOther, !analytics);
  };
  const takeAll = (told: Told[]) => {
    for (const each of told) safely(() => take(each));
  };
  takeAll(read(tab, key("calls"), isTold) ?? []);
  tab.removeItem(key("calls"));
  if (analytics) watchPage(analytics, () => takeAll(handed.calls.splice(0)));
  let isFirst = true;
  return (told) => {
    takeAll(told);
    if (!isFirst) return;
    isFirst = false;
    safely(() => messenger?.begin());
    const isNamed = told.some(({ call }) => Array.isArray(call) && ["identify", "reset"].includes(call[0] as string));
    if (snippet && !isNamed) site.recapt?.identify?.(snippet);
  };
}

/** What a page has told that was left before the companion was there. */
function isTold(value: unknown): value is Told[] {
  return Array.isArray(value) && value.every((each) => typeof (each as Told | null)?.at === "number");
}

/** Whom Intercom's own snippet names, and what signs that; nothing where it names nobody. */
function namesOf(intercomSettings: unknown): Record<string, unknown> | undefined {
  const told = object(intercomSettings);
  const names = ["user_id", "email", "user_hash", "intercom_user_jwt"].filter((name) => isName(told[name]));
  return names.length > 0 ? Object.fromEntries(names.map((name) => [name, told[name]])) : undefined;
}

function safely(action: () => void): void {
  try {
    action();
  } catch (error) {
    console.warn("Recapt:", error);
  }
}
