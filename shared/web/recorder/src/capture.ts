// rrweb, as this recorder uses it.

import { record } from "@rrweb/record";
import { getRecordConsolePlugin } from "@rrweb/rrweb-plugin-console-record";
import { getRecordNetworkPlugin } from "@rrweb/rrweb-plugin-network-record";
import type { NetworkRequest, eventWithTime } from "@rrweb/types";
import { clean } from "./privacy/event";
import { CLASSES, type Masks, typed } from "./privacy/mask";
import { cleanRequest } from "./privacy/request";

/** Lines of the console on one page: more is a page that logs in a loop. */
const MOST_LINES = 500;

export interface Capture {
  /** Takes a full snapshot now. */
  snapshot(): void;
  stop(): void;
}

/**
 * Starts rrweb; `emit` gets every event, cleaned. Nothing here throws into the page.
 *
 * Requests are told by the browser's own timings: `fetch` and `XMLHttpRequest` stay as they are. Of the console only
 * what went wrong is told.
 */
export function capture(masks: Masks, endpoint: string, emit: (event: eventWithTime) => void): Capture {
  const page = {
    element: (id: number) => asElement(record.mirror.getNode(id)),
    isMasked: (id: number) => Boolean(asElement(record.mirror.getNode(id))?.closest(masks.mask)),
  };
  const request = (request: NetworkRequest) => cleanRequest(request, location.origin, endpoint) as NetworkRequest;
  const stop = record({
    emit(event) {
      clean(event, page);
      emit(event);
    },
    recordAfter: "DOMContentLoaded",
    maskAllInputs: true,
    maskInputFn: typed,
    maskTextClass: CLASSES.mask,
    maskTextSelector: masks.mask,
    blockClass: CLASSES.block,
    blockSelector: masks.block,
    ignoreClass: CLASSES.ignore,
    ignoreSelector: masks.ignore,
    slimDOMOptions: "all",
    sampling: { mousemove: 100, scroll: 150 },
    errorHandler: () => true,
    plugins: [
      getRecordConsolePlugin({ level: ["error", "warn", "assert"], lengthThreshold: MOST_LINES }),
      getRecordNetworkPlugin({ transformRequestFn: request, recordInitialRequests: true }),
    ],
  });
  return { snapshot: () => record.takeFullSnapshot(true), stop: () => stop?.() };
}

function asElement(node: Node | null): Element | undefined {
  return node?.nodeType === 1 ? (node as Element) : undefined;
}
