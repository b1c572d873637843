// Puts texts into the clipboard; shows them, selected, where the browser refuses.

import { find } from "./dom";

/**
 * Copies a text that may have to be made first. Whether it is in the clipboard. Safari asks for the promise
 * itself, for after waiting it takes nothing.
 */
export async function copied(text: Promise<string>): Promise<boolean> {
  try {
    if (typeof ClipboardItem === "function" && navigator.clipboard.write) {
      const blob = text.then((made) => new Blob([made], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    } else {
      await navigator.clipboard.writeText(await text);
    }
    return true;
  } catch {
    return false;
  }
}

/** Shows a text to be copied by hand. */
export function showToCopy(page: HTMLElement, text: string): void {
  const dialog = find<HTMLDialogElement>(page, "#by-hand");
  const field = find<HTMLTextAreaElement>(dialog, "textarea");
  field.value = text;
  if (!dialog.open) dialog.showModal();
  field.focus();
  field.select();
}

/** Says for a while what came of something. */
export function announce(page: HTMLElement, text: string): void {
  const place = find(page, ".announced");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(shown);
  shown = window.setTimeout(() => (place.hidden = true), 6_000);
}

let shown = 0;
