// Makes links to this recording: one for somebody who has no access of their own, and the one that leads to
// this very moment for whoever may see it as the viewer does.

import { copied } from "./copying";
import { find } from "./dom";
import type { Source } from "./source";

/** A link, and how long it is good where it ends. */
export interface MadeLink {
  readonly url: string;
  readonly expires: Date | null;
}

/** The form that makes share links. `moment` is where the recording is now, in seconds. */
export function connect(form: HTMLElement, source: Source, csrf: string, moment: () => number): void {
  const button = find<HTMLButtonElement>(form, "button");
  const result = find(form, "[role='status']");
  const field = find<HTMLInputElement>(form, "input[readonly]");
  const isChosen = (name: string) => form.querySelector(`input[name=${name}]:checked`) !== null;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const made = source.share({
        csrf,
        ...(isChosen("who") ? { who: "yes" } : {}),
        ...(isChosen("t") ? { t: `${Math.floor(moment())}` } : {}),
      });
      const isCopied = await copied(made.then(({ url }) => url));
      const { url, expires } = await made;
      field.value = url;
      field.hidden = false;
      result.textContent = `${isCopied ? "Copied. " : ""}${forAnyone(expires)} An admin can revoke it in Settings.`;
    } catch {
      result.textContent = "The link could not be made. Reload the page, and try again.";
    }
    result.hidden = false;
    button.disabled = false;
  });
  field.addEventListener("focus", () => field.select());
}

/**
 * The link to a moment, in seconds: the page's own for an admin, the share link that opened the page for
 * whoever has one, and a new one for a teammate who came by a link of the panel.
 */
export async function linkTo(source: Source, own: string, csrf: string | undefined, moment: number): Promise<MadeLink> {
  const t = `${Math.floor(moment)}`;
  if (own === "" && csrf !== undefined) return source.share({ csrf, t });
  const url = new URL(own || location.pathname, location.href);
  url.searchParams.set("t", t);
  return { url: url.href, expires: null };
}

export function forAnyone(expires: Date | null): string {
  const until = expires?.toLocaleDateString(undefined, { dateStyle: "medium" });
  return until ? `Anyone with this link can watch this recording until ${until}.` : "";
}
