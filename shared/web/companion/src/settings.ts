// What a tag asks of the companion.

import type { Told } from "../../recorder/src/api";

/** What the recorder hands over. */
export interface Handed {
  writeKey: string;
  /** Where events go, without a slash at the end. */
  endpoint: string;
  /** The attributes of the tag. */
  dataset: Record<string, string | undefined>;
  /** As it was before anybody listened to it. */
  fetch: typeof window.fetch;
  /** What the recorder has not run yet. */
  calls: Told[];
}

/**
 * Where the Messenger of each region asks: developers.intercom.com/installing-intercom/web/installation.
 */
const HOSTS = {
  us: "https://api-iam.intercom.io",
  eu: "https://api-iam.eu.intercom.io",
  au: "https://api-iam.au.intercom.io",
};

export interface MessengerSettings {
  /** Empty where the site's `intercomSettings` have it. */
  appId: string;
  apiBase: string;
  hidesLauncher: boolean;
  /** Where its script is, but for the app's id, if not at Intercom. */
  script: string;
}

export interface Settings {
  isAnalytics: boolean;
  messenger?: MessengerSettings;
}

export function settings(dataset: Handed["dataset"]): Settings {
  const isSet = (value: string | undefined) => value !== undefined && value !== "false";
  const { intercomAppId: appId, intercomRegion = "us", intercomHideDefaultLauncher, intercomScript } = dataset;
  const region = intercomRegion.toLowerCase();
  const isRegion = region in HOSTS;
  if (!isRegion) console.warn(`Recapt: data-intercom-region is us, eu or au, and not ${intercomRegion}.`);
  const messenger = appId !== undefined && {
    appId,
    apiBase: HOSTS[isRegion ? (region as keyof typeof HOSTS) : "us"],
    hidesLauncher: isSet(intercomHideDefaultLauncher),
    script: intercomScript ?? "https://widget.intercom.io/widget/",
  };
  return { isAnalytics: isSet(dataset.analytics), messenger: messenger || undefined };
}
