// Requests of the page: that they were made and how they ended, never what was in them.

import { url } from "./url";

/** What rrweb's network plugin tells of a request, as far as it is kept. */
export interface Request {
  name: string;
  initiatorType?: string;
  entryType?: string;
  method?: string;
  status?: number;
  startTime?: number;
  endTime?: number;
  duration?: number;
}

/**
 * The request as it may be recorded; none when it says nothing.
 *
 * Of files only failures are told. A status of 0 or none is a failure of this site's own requests alone: of others it
 * may be an answer that the browser hides, or one that the visitor's ad blocker stopped. Browsers that tell no status
 * at all leave it out.
 */
export function cleanRequest(request: Request, origin: string, endpoint: string): Request | null {
  const { name, initiatorType, entryType, method, status, startTime, endTime, duration } = request;
  if (name.startsWith(endpoint)) return null;
  const isScripts = initiatorType === "fetch" || initiatorType === "xmlhttprequest";
  const isFailure = (status ?? 0) >= 400;
  const isAnswered = (status ?? 0) > 0;
  if (!isFailure && !isScripts) return null;
  if (status === undefined || (!isAnswered && !name.startsWith(`${origin}/`))) return null;
  return { name: url(name), initiatorType, entryType, method, status, startTime, endTime, duration };
}
