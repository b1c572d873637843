// rrweb's events without what is personal or secret in them, before they are so much as kept in memory.

import { EventType, IncrementalSource, NodeType } from "@rrweb/types";
import type { eventWithTime, serializedNodeWithId } from "@rrweb/types";
import type { PictureSize } from "../pictures";
import { type Owner, attribute, isRecorded } from "./attribute";
import { type LogLine, cleanLine } from "./console";
import { typed } from "./mask";
import { scrub } from "./text";
import { url } from "./url";

/** What has to be known of the page: its elements, by rrweb's numbers. */
export interface Page {
  element(id: number): Pick<Element, "tagName" | "getAttribute"> | undefined;
  isMasked(id: number): boolean;
  pictureSize(id: number): PictureSize | undefined;
  isPopoverOpen(id: number): boolean;
}

/** Cleans an event in place. */
export function clean(event: eventWithTime, page: Page): void {
  switch (event.type) {
    case EventType.Meta:
      event.data.href = url(event.data.href);
      break;
    case EventType.FullSnapshot:
      cleanNode(event.data.node, page);
      break;
    case EventType.Plugin:
      if (event.data.plugin.startsWith("rrweb/console@")) event.data.payload = cleanLine(event.data.payload as LogLine);
      break;
    case EventType.IncrementalSnapshot:
      if (event.data.source === IncrementalSource.Mutation) {
        for (const { node } of event.data.adds) cleanNode(node, page);
        for (const { id, attributes } of event.data.attributes) cleanAttributes(ownerOf(id, page), attributes);
      } else if (event.data.source === IncrementalSource.Input) {
        // Also of boxes and files, whose values rrweb leaves as they are.
        event.data.text = typed(event.data.text);
      }
  }
}

function cleanNode(node: serializedNodeWithId, page: Page): void {
  if (node.type === NodeType.Element) {
    const { id, tagName: tag, attributes } = node;
    const text = (name: string) => (typeof attributes[name] === "string" ? attributes[name].toLowerCase() : undefined);
    cleanAttributes({ tag, type: text("type"), name: text("name"), isMasked: () => page.isMasked(id) }, attributes);
    const size = tag === "img" && !("rr_width" in attributes) && page.pictureSize(id);
    if (size) attributes["data-recapt-size"] = `${size.width}x${size.height}`;
    if ("popover" in attributes && page.isPopoverOpen(id)) attributes["data-recapt-popover"] = "open";
    if (tag === "title") node.childNodes.forEach(scrubText);
  }
  if ("childNodes" in node) for (const child of node.childNodes) cleanNode(child, page);
}

function scrubText(node: serializedNodeWithId): void {
  if (node.type === NodeType.Text) node.textContent = scrub(node.textContent);
}

/** The owner of an attribute that has changed. An element that is gone is treated as if it were masked. */
function ownerOf(id: number, page: Page): Owner {
  const element = page.element(id);
  const text = (name: string) => element?.getAttribute(name)?.toLowerCase();
  const isMasked = () => !element || page.isMasked(id);
  return { tag: element?.tagName.toLowerCase() ?? "", type: text("type"), name: text("name"), isMasked };
}

function cleanAttributes(owner: Owner, attributes: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!isRecorded(owner, name)) delete attributes[name];
    else if (typeof value === "string") attributes[name] = attribute(owner, name, value);
  }
}
