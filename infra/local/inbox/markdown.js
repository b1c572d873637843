// The little Markdown that Canvas Kit knows in `text`: [label](https://…) and **bold** (*bold* as well: one
// of Intercom's samples writes it so). No character escapes another. Everything else is plain text.

import { element, newTabLink } from "./dom.js";
import { isAllowedUrl } from "./url.js";

const MARKUP = /\[([^\]]+)\]\(([^\s()]+)\)|\*\*([^*]+)\*\*|\*([^*]+)\*/g;

/** Turns Canvas Kit text into nodes. */
export function markdown(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(MARKUP)) {
    nodes.push(text.slice(end, match.index), node(match));
    end = match.index + match[0].length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((each) => each !== "");
}

function node([whole, label, url, bold, singleBold]) {
  if (label) return isAllowedUrl(url) ? newTabLink(url, {}, markdown(label)) : whole;
  return element("strong", {}, markdown(bold ?? singleBold));
}
