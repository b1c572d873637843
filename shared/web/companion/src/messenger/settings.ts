// What a site says for the Messenger beside the tag: `window.intercomSettings`, as Intercom's own
// snippet has it.

import { object } from "../call";
import type { MessengerSettings } from "../settings";
import { type Attributes, attributes } from "./attributes";

/** What is the Messenger's and no person's: it stays when somebody signs out. */
const LOOK = [
  "app_id", "api_base", "alignment", "vertical_padding", "horizontal_padding", "z_index", "hide_default_launcher",
  "hide_notifications", "custom_launcher_selector", "theme_mode", "messenger_style_id", "session_duration",
  "action_color", "background_color", "link_color", "language_override",
];

export interface Own {
  look: Attributes & { app_id: string };
  /** Of whom the site's snippet speaks. */
  person: Attributes;
  script: string;
}

/**
 * The tag's settings before the snippet's; none, said in the console, where neither has the app's id.
 */
export function ownSettings(site: { intercomSettings?: unknown }, tag: MessengerSettings): Own | undefined {
  const told = attributes(object(site.intercomSettings));
  const app = tag.appId || told["app_id"];
  if (typeof app !== "string" || !/^[\w-]+$/.test(app)) {
    console.warn("Recapt: data-intercom-app-id is missing, or no workspace's id; the Messenger is not loaded.");
    return undefined;
  }
  const look: Own["look"] = { api_base: tag.apiBase, ...only(told, true), app_id: app };
  if (tag.hidesLauncher) look["hide_default_launcher"] = true;
  const person = only(told, false);
  // Intercom's script reads it as well, and takes dates as numbers alone.
  if (site.intercomSettings) site.intercomSettings = { ...look, ...person };
  return { look, person, script: tag.script + app };
}

function only(told: Attributes, isLook: boolean): Attributes {
  return Object.fromEntries(Object.entries(told).filter(([name]) => LOOK.includes(name) === isLook));
}
