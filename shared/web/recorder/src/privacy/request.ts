// Requests of the page: that they were made and how they ended, never what was in them.

import { url } from "./url";

/** A request that has ended, in the form of rrweb's network plugin. */
export interface Request {
  name: string;
  initiatorType: string;
  entryType?: string;
  method?: string;
  /** None when it was not answered. */
  status?: number;
  /** The page gave it up. */
  aborted?: true;
  /** The answer is none of the page's business, and says nothing. */
  opaque?: true;
  startTime?: number;
  endTime?: number;
  duration?: number;
}

/**
 * A request of a script as it may be recorded. Nothing is told of what an ad blocker keeps from other sites.
 */
export function cleanRequest(request: Request, hostname: string): Request | undefined {
  const isRefused = request.status === undefined && !request.aborted && !request.opaque;
  if (isRefused && site(new URL(request.name).hostname) !== site(hostname)) return undefined;
  return { ...request, name: url(request.name) };
}

/** A file that the page loads; none unless it is missing. */
export function cleanFile(file: Request): Request | undefined {
  const { name, initiatorType, entryType, status, startTime, endTime, duration } = file;
  if ((status ?? 0) < 400) return undefined;
  return { name: url(name), initiatorType, entryType, status, startTime, endTime, duration };
}

/** About whose site it is: `api.shop.example` and `www.shop.example` are the same one's. */
function site(hostname: string): string {
  return hostname.split(".").slice(-2).join(".");
}
