// The console and the network beside the recording.

import { LINES } from "./console";
import { find } from "./dom";
import { Log, type LogPart } from "./log";
import { REQUESTS } from "./network";
import { Panel } from "./panel";

export class Logged {
  private readonly log: Log;
  private readonly lines;
  private readonly requests;

  constructor(page: HTMLElement, ask: (from: number) => Promise<LogPart>, until: number) {
    this.lines = new Panel(find(page, "#console"), LINES);
    this.requests = new Panel(find(page, "#network"), REQUESTS);
    this.log = new Log(ask, until);
    this.log.onChange = () => this.show();
  }

  /** Somebody wants to see it. */
  open(): void {
    if (this.log.status === "unasked") void this.log.load();
  }

  /** More chunks have come, up to this number. */
  extend(until: number): void {
    this.log.extend(until);
  }

  follow(position: number): void {
    this.lines.follow(position);
    this.requests.follow(position);
  }

  private show(): void {
    const { lines, requests, status } = this.log;
    this.lines.set(lines);
    this.requests.set(requests);
    const again = status === "failed" ? () => void this.log.load() : undefined;
    const none = (list: readonly unknown[], what: string) => (list.length === 0 && status === "loaded" ? what : "");
    const more = "There is more than can be listed.";
    const loaded = this.log.complete ? "" : more;
    const said = { unasked: "", loading: "Loading …", failed: "The rest could not be loaded.", full: more, loaded };
    this.lines.say(said[status] || none(lines, "The recording holds no line of the console."), again);
    this.requests.say(said[status] || none(requests, "The recording holds no request."), again);
  }
}
