// The list of what the page asked for.

import { icon } from "./bar";
import { element } from "./dom";
import type { Asked } from "./log";
import type { PanelKind } from "./panel";
import { clock } from "./time";

/** A request that takes as long is slow, ms. */
const SLOW_MS = 1_000;

export const REQUESTS: PanelKind<Asked> = {
  noun: "requests",
  at: ({ at }) => at,
  key: ({ at, method, url, status, duration }) => `${at} ${method} ${status} ${duration} ${url}`,
  text: ({ method, url, status }) => `${method} ${url} ${status ?? "no answer"}`,
  choices: () => [
    { label: "All requests", has: () => true },
    { label: "Failed", has: hasFailed },
    { label: "Slow", has: isSlow },
  ],
  draw: (asked) => [row(asked)],
};

export function hasFailed({ outcome, status }: Asked): boolean {
  return outcome === "refused" || outcome === "unanswered" || (status ?? 0) >= 400;
}

function isSlow({ duration }: Asked): boolean {
  return (duration ?? 0) >= SLOW_MS;
}

function row(asked: Asked): HTMLElement {
  const { at, method, url } = asked;
  const kind = hasFailed(asked) ? "failed_request" : isSlow(asked) ? "slow_click" : "request";
  const link = { class: `moment kind-${kind}`, href: `?t=${Math.floor(at / 1_000)}`, "data-at": `${at}` };
  const told = element("span", { class: "told" }, [ending(asked), took(asked)].filter(Boolean).join(" · "));
  const text = element("span", {}, `${method} ${url}`, element("br"), told);
  return element("a", link, element("time", {}, clock(at)), icon(kind), text);
}

function ending(asked: Asked): string {
  if (asked.status !== null) return hasFailed(asked) ? `failed with ${asked.status}` : String(asked.status);
  return hasFailed(asked) ? "failed without an answer" : "answer not recorded";
}

function took(asked: Asked): string {
  if (asked.duration === null) return "";
  const time = asked.duration < SLOW_MS ? `${Math.round(asked.duration)} ms` : `${(asked.duration / 1_000).toFixed(1)} s`;
  return isSlow(asked) ? `slow: ${time}` : time;
}
