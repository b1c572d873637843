// The address of the page that the visitor is on, above the picture.

import { write } from "./dom";
import type { Moment } from "./moments";

/** The page that was open at a moment: the first one, before any was. */
export function pageAt(moments: readonly Moment[], at: number): Moment | null {
  const pages = moments.filter(({ kind }) => kind === "page");
  // A page shows a little after it was opened, where the player then stands.
  return pages.filter((page) => page.at <= at + 50).at(-1) ?? pages[0] ?? null;
}

export class Visited {
  constructor(
    private readonly place: HTMLElement,
    private readonly list: HTMLElement,
  ) {}

  follow(moments: readonly Moment[], position: number): void {
    const page = pageAt(moments, position);
    if (page) write(this.place, page.label);
    let latest: Element | null = null;
    for (const row of this.list.querySelectorAll<HTMLElement>("[data-at]")) {
      if (Number(row.dataset.at) <= position + 50) latest = row;
    }
    const current = this.list.querySelector("[aria-current]");
    if (current === latest) return;
    current?.removeAttribute("aria-current");
    latest?.setAttribute("aria-current", "true");
  }
}
