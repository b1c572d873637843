// Popovers of a recorded page. Whether one is open stands in no attribute, so that nothing of the recorded
// page shows it: the recorder tells, the reader writes it into an attribute of ours, and here it is opened.

/** Says of a popover whether it is open. A snapshot of the recorder has it too. */
export const POPOVER = "data-recapt-popover";

/** What is needed of rrweb's replayer. */
interface Replayer {
  on(event: "event-cast" | "flush", heard: () => void): unknown;
  getMirror(): { getNode(id: number): Node | null };
}

/** Keeps the popovers of these ids as the recording has them, also after a jump. */
export function keepPopovers(replayer: Replayer, ids: ReadonlySet<number>): void {
  let isAsked = false;
  const show = () => {
    isAsked = false;
    for (const id of ids) {
      const node = replayer.getMirror().getNode(id);
      if (node?.nodeType === Node.ELEMENT_NODE) showAsRecorded(node as HTMLElement);
    }
  };
  const ask = () => {
    if (isAsked || ids.size === 0) return;
    isAsked = true;
    requestAnimationFrame(show);
  };
  replayer.on("event-cast", ask);
  replayer.on("flush", ask);
}

function showAsRecorded(element: HTMLElement): void {
  try {
    const [isWanted, isOpen] = [element.getAttribute(POPOVER) === "open", element.matches(":popover-open")];
    if (isWanted === isOpen) return;
    if (!isWanted) return element.hidePopover();
    // Another one would close those that were open beside it.
    element.setAttribute("popover", "manual");
    element.showPopover();
  } catch {
    // No popover any more, or a browser without them.
  }
}
