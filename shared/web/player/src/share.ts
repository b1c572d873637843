// Makes a link to this recording for somebody who has no access of their own, and copies it.

import type { Source } from "./source";

/** `moment` is where the recording is now, in seconds. */
export function connect(form: HTMLElement, source: Source, csrf: string, moment: () => number): void {
  const button = form.querySelector("button") as HTMLButtonElement;
  const result = form.querySelector("[role='status']") as HTMLElement;
  const field = form.querySelector("input[readonly]") as HTMLInputElement;
  const isChosen = (name: string) => form.querySelector(`input[name=${name}]:checked`) !== null;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const { url, expires } = await source.share({
        csrf,
        ...(isChosen("who") ? { who: "yes" } : {}),
        ...(isChosen("t") ? { t: `${Math.floor(moment())}` } : {}),
      });
      field.value = url;
      field.hidden = false;
      const until = expires.toLocaleDateString(undefined, { dateStyle: "medium" });
      result.textContent = `${(await copied(url)) ? "Copied. " : ""}Whoever has this link can watch this recording until ${until}.`;
    } catch {
      result.textContent = "The link could not be made. Reload the page, and try again.";
    }
    result.hidden = false;
    button.disabled = false;
  });
  field.addEventListener("focus", () => field.select());
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
