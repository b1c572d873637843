// URLs without what is personal or secret in them.

import { isPersonalOrSecret } from "./text";

/**
 * The URL without query, fragment and credentials; path segments that are addresses or secrets are replaced.
 */
export function url(text: string): string {
  const bare = text.split(/[?#]/, 1)[0] ?? "";
  const authority = bare.indexOf("://");
  // A `data:` or `mailto:` URL is its content: the scheme says enough.
  const scheme = authority < 0 && /^([^/:]*):/.exec(bare);
  if (scheme) return `${scheme[1]?.slice(0, 16)}:`;
  const start = authority < 0 ? 0 : authority + 3;
  const [host = "", ...path] = bare.slice(start).split("/");
  return [bare.slice(0, start) + (host.split("@").pop() ?? ""), ...path.map(segment)].join("/");
}

function segment(text: string): string {
  const bare = text.split(";", 1)[0] ?? "";
  return isPersonalOrSecret(bare) ? "[…]" : bare;
}
