// The rows beside the recording: its timeline and its pages. The server wrote them; here they lead into the
// recording.

import { icon } from "./bar";
import { type Moment, TROUBLE } from "./recording";
import { clock } from "./time";

/** Rows of the page that name a moment, in `data-at`. */
export class Moments {
  private current: HTMLElement | null = null;
  private shown: number;

  constructor(
    private readonly timeline: HTMLElement,
    go: (at: number) => void,
  ) {
    this.shown = timeline.children.length;
    document.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-at]") : null;
      if (row === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(Number(row.dataset.at));
    });
  }

  /** Adds what a session that is under way has more of. */
  extend(timeline: readonly Moment[]): void {
    if (timeline.length <= this.shown) return;
    this.shown = timeline.length;
    this.timeline.replaceChildren(...timeline.map(row));
  }

  /** Marks the row of what happened last, and keeps it in sight of its list. */
  follow(position: number): void {
    let latest: HTMLElement | null = null;
    for (const row of this.timeline.querySelectorAll<HTMLElement>("a[data-at]")) {
      if (Number(row.dataset.at) <= position + 50) latest = row;
    }
    if (latest === this.current) return;
    this.current?.removeAttribute("aria-current");
    latest?.setAttribute("aria-current", "true");
    this.current = latest;
    const list = this.timeline;
    if (latest && list.scrollHeight > list.clientHeight) {
      const { offsetTop, offsetHeight } = latest;
      list.scrollTo({ top: offsetTop - (list.clientHeight - offsetHeight) / 2, behavior: "smooth" });
    }
  }
}

function row({ at, kind, label, count }: Moment): HTMLElement {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `?t=${Math.floor(at / 1_000)}`;
  link.dataset.at = String(at);
  link.className = `moment kind-${kind}`;
  const time = document.createElement("time");
  time.textContent = clock(at);
  const text = document.createElement("span");
  text.textContent = count > 1 && TROUBLE[kind] !== undefined ? `${label} (×${count})` : label;
  link.append(time, icon(kind), text);
  item.append(link);
  return item;
}
