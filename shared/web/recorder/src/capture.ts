// rrweb, as this recorder uses it.

import { record } from "@rrweb/record";
import { getRecordConsolePlugin } from "@rrweb/rrweb-plugin-console-record";
import { getRecordNetworkPlugin } from "@rrweb/rrweb-plugin-network-record";
import type { NetworkInitiatorType, NetworkRequest, eventWithTime } from "@rrweb/types";
import { pictureSize, watchPictures } from "./pictures";
import { clean } from "./privacy/event";
import { CLASSES, type Masks, typed } from "./privacy/mask";
import { type Request, cleanFile } from "./privacy/request";
import { requestsPlugin } from "./requests";

/** Lines of the console on one page: more is a page that logs in a loop. */
const MOST_LINES = 500;

/** What a page loads beside what its scripts ask for. */
const FILES: NetworkInitiatorType[] = ["audio", "css", "iframe", "img", "link", "navigation", "script", "video"];

export interface Capture {
  /** Takes a full snapshot now. */
  snapshot(): void;
  stop(): void;
}

/**
 * Starts rrweb; `emit` gets every event, cleaned. Of the console, and of files, only what went wrong is told.
 */
export function capture(masks: Masks, emit: (event: eventWithTime) => void): Capture {
  const page = {
    element: (id: number) => asElement(record.mirror.getNode(id)),
    isMasked: (id: number) => Boolean(asElement(record.mirror.getNode(id))?.closest(masks.mask)),
    pictureSize: (id: number) => pictureSize(record.mirror.getNode(id)),
  };
  const file = (file: NetworkRequest) => cleanFile(file as Request) as NetworkRequest | undefined;
  const stop = record({
    emit(event) {
      try {
        clean(event, page);
        emit(event);
      } catch {
        // What cannot be cleaned is not recorded.
      }
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
      getRecordNetworkPlugin({ initiatorTypes: FILES, transformRequestFn: file, recordInitialRequests: true }),
      requestsPlugin(),
    ],
  });
  const numberOf = (picture: Element) => (picture.closest(masks.block) ? undefined : Math.max(0, record.mirror.getId(picture)));
  const endWatch = watchPictures(numberOf, record.addCustomEvent);
  const end = () => {
    endWatch();
    stop?.();
  };
  return { snapshot: () => record.takeFullSnapshot(true), stop: end };
}

function asElement(node: Node | null): Element | undefined {
  return node?.nodeType === 1 ? (node as Element) : undefined;
}
