// The page that events come from: what is told of it, and when it is left.

import { now } from "../../../recorder/src/clock";
import { leavesFor, watchNavigation } from "../../../recorder/src/leaving";
import { url } from "../../../recorder/src/privacy/url";
import { listen } from "../../../recorder/src/signs/listen";
import type { Analytics } from "./analytics";

const CAMPAIGN = /^utm_(source|medium|campaign|term|content)$/;

/** The browser and the page, without queries, which may hold secrets, but for those of campaigns. */
export function context(): Record<string, unknown> {
  const campaign: Record<string, string> = {};
  new URLSearchParams(location.search).forEach((value, name) => {
    const part = CAMPAIGN.exec(name)?.[1];
    if (part) campaign[part === "campaign" ? "name" : part] = value.slice(0, 200);
  });
  return {
    library: { name: "recapt.js", version: "1" },
    page: { url: url(location.href), path: location.pathname, title: document.title.slice(0, 200), referrer: url(document.referrer) },
    userAgent: navigator.userAgent,
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(Object.keys(campaign).length > 0 && { campaign }),
  };
}

/** Sends in time what a page has to tell; `rest` takes what the recorder did not come to. */
export function watchPage(analytics: Analytics, rest: () => void): void {
  watchNavigation(now);
  listen(document, ["visibilitychange"], () => document.visibilityState === "hidden" && analytics.hide());
  listen(window, ["pagehide"], () => {
    rest();
    analytics.leave(leavesFor(now()));
  });
  listen(window, ["pageshow"], (event) => (event as PageTransitionEvent).persisted && analytics.comeBack());
  listen(window, ["online"], () => analytics.retryNow());
}
