// rrweb, as this recorder uses it.

import { record } from "@rrweb/record";
import { getRecordNetworkPlugin } from "@rrweb/rrweb-plugin-network-record";
import type { NetworkInitiatorType, NetworkRequest, eventWithTime } from "@rrweb/types";
import { consolePlugin } from "./console";
import { custom } from "./page";
import { pictureSize, watchPictures } from "./pictures";
import { clean } from "./privacy/event";
import { CLASSES, type Masks } from "./privacy/mask";
import { type Request, cleanFile } from "./privacy/request";
import { requestsPlugin } from "./requests";
import { Edits } from "./signs/edits";
import { signsPlugin } from "./signs/plugin";
import { Scripts } from "./signs/scripts";
import { Signs } from "./signs/signs";

/** What a page loads beside what its scripts ask for. */
const FILES: NetworkInitiatorType[] = ["audio", "css", "iframe", "img", "link", "navigation", "script", "video"];

export interface Capture {
  /** Takes a full snapshot now. */
  snapshot(): void;
  stop(): void;
}

/** What comes of a page. */
export interface Sink {
  /** Gets every event, cleaned. */
  emit(event: eventWithTime): void;
  /** Is told of every sign of the visitor. */
  attend(): void;
}

/** Starts rrweb, by the time of `now`. Of the console, and of files, only what went wrong is told. */
export function capture(masks: Masks, now: () => number, { emit, attend }: Sink): Capture {
  const idOf = (node: Node) => {
    const id = record.mirror.getId(node);
    return id > 0 ? id : undefined;
  };
  const page = {
    element: (id: number) => asElement(record.mirror.getNode(id)),
    isMasked: (id: number) => Boolean(asElement(record.mirror.getNode(id))?.closest(masks.mask)),
    pictureSize: (id: number) => pictureSize(record.mirror.getNode(id)),
    isPopoverOpen: (id: number) => isOpenPopover(record.mirror.getNode(id)),
  };
  const silent = `${masks.block},${masks.ignore}`;
  const nodes = { id: idOf, isSilent: (node: Node) => isWithin(node, silent) };
  const signs = new Signs(nodes, (tag, payload) => emit(custom(tag, payload, now())), now);
  const [edits, scripts] = [new Edits(signs, idOf, now), new Scripts()];
  const file = (file: NetworkRequest) => cleanFile(file as Request) as NetworkRequest | undefined;
  const stop = record({
    emit(event) {
      try {
        event.timestamp = now();
        clean(event, page);
        edits.heed(event);
        for (const mark of scripts.before(event)) emit(mark);
        emit(event);
      } catch {
        // What cannot be cleaned is not recorded.
      }
    },
    recordAfter: "DOMContentLoaded",
    maskAllInputs: true,
    maskInputFn: edits.mask,
    maskTextClass: CLASSES.mask,
    maskTextSelector: masks.mask,
    blockClass: CLASSES.block,
    blockSelector: masks.block,
    ignoreClass: CLASSES.ignore,
    ignoreSelector: masks.ignore,
    slimDOMOptions: "all",
    sampling: { mousemove: 100, scroll: 150 },
    userTriggeredOnInput: true,
    errorHandler: () => true,
    plugins: [
      consolePlugin(),
      getRecordNetworkPlugin({ initiatorTypes: FILES, transformRequestFn: file, recordInitialRequests: true }),
      requestsPlugin(),
      signsPlugin(signs, edits, scripts, attend),
    ],
  });
  const numberOf = (picture: Element) => (picture.closest(masks.block) ? undefined : idOf(picture));
  const endWatch = watchPictures(numberOf, (tag, payload) => emit(custom(tag, payload, now())));
  const end = () => {
    endWatch();
    stop?.();
  };
  return { snapshot: () => takeSnapshot(), stop: end };
}

/** rrweb takes none before it has begun, and takes one then. */
function takeSnapshot(): void {
  try {
    record.takeFullSnapshot(true);
  } catch {
    // As above.
  }
}

function isOpenPopover(node: Node | null): boolean {
  try {
    return asElement(node)?.matches(":popover-open") ?? false;
  } catch {
    // A browser without popovers.
    return false;
  }
}

/** Also from within a shadow. */
function isWithin(node: Node, selector: string): boolean {
  const root = node.getRootNode();
  const host = "host" in root ? (root as ShadowRoot).host : undefined;
  return Boolean((asElement(node) ?? node.parentElement)?.closest(selector)) || (host !== undefined && isWithin(host, selector));
}

function asElement(node: Node | null): Element | undefined {
  return node?.nodeType === 1 ? (node as Element) : undefined;
}
