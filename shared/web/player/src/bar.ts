// The bar under the recording: all of the session, with what happened when.

import { type Moment, type Recording, type Stretch, TROUBLE } from "./recording";
import { clock, spoken } from "./time";

/** Moments that are nearer to each other than this share of the bar are one mark. */
const NEAR = 0.018;

/** Moments at one place of the bar. */
export interface Mark {
  readonly at: number;
  readonly kind: string;
  readonly label: string;
}

/** What is marked: trouble; of what happened at about the same time the first gives its sign. */
export function marks(timeline: readonly Moment[], duration: number): Mark[] {
  const groups: Moment[][] = [];
  for (const moment of timeline) {
    if (TROUBLE[moment.kind] === undefined) continue;
    const last = groups.at(-1);
    const begun = last?.[0];
    if (last && begun && moment.at - begun.at < duration * NEAR) last.push(moment);
    else groups.push([moment]);
  }
  return groups.map((group) => ({
    at: group[0]?.at ?? 0,
    kind: group[0]?.kind ?? "",
    label: group.map(({ at, kind, label }) => `${clock(at)} ${TROUBLE[kind]}: ${label}`).join("\n"),
  }));
}

/** The bar: draws stretches and marks, and tells where somebody wants to go. */
export class Bar {
  private readonly seek: HTMLInputElement;
  private readonly played: HTMLElement;
  private readonly loaded: HTMLElement;
  private duration = 1;

  constructor(
    private readonly root: HTMLElement,
    private readonly go: (at: number) => void,
  ) {
    this.seek = root.querySelector("input") as HTMLInputElement;
    this.played = root.querySelector(".played") as HTMLElement;
    this.loaded = root.querySelector(".loaded") as HTMLElement;
    this.seek.addEventListener("input", () => go(Number(this.seek.value)));
  }

  /** Draws what does not move. */
  draw(recording: Recording, flaws: readonly Stretch[]): void {
    this.duration = Math.max(1, recording.duration);
    this.seek.max = String(this.duration);
    const track = this.root.querySelector(".track") as HTMLElement;
    track.querySelectorAll(".idle, .gap").forEach((stretch) => stretch.remove());
    for (const stretch of recording.idle) track.prepend(this.stretch("idle", stretch, "Nobody at the controls"));
    const gaps = [...recording.missing, ...flaws];
    for (const stretch of gaps) track.append(this.stretch("gap", stretch, "Missing"));
    const marks_ = this.root.querySelector(".marks") as HTMLElement;
    marks_.replaceChildren(...marks(recording.timeline, this.duration).map((mark) => this.mark(mark)));
  }

  /** Draws what moves. */
  move(position: number, loaded: Stretch | null): void {
    this.seek.value = String(position);
    this.seek.setAttribute("aria-valuetext", `${spoken(position)} of ${spoken(this.duration)}`);
    this.place(this.played, { from: 0, until: position });
    this.place(this.loaded, loaded ?? { from: 0, until: 0 });
  }

  private mark({ at, kind, label }: Mark): HTMLElement {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const share = at / this.duration;
    item.style.left = `${share * 100}%`;
    item.className = share < 0.3 ? "near-start" : share > 0.7 ? "near-end" : "";
    button.className = `sign kind-${kind}`;
    button.type = "button";
    button.setAttribute("aria-label", label.split("\n").join("; "));
    button.dataset.label = label;
    button.append(icon(kind));
    button.addEventListener("click", () => this.go(at));
    item.append(button);
    return item;
  }

  private stretch(kind: string, stretch: Stretch, title: string): HTMLElement {
    const element = document.createElement("span");
    element.className = kind;
    element.title = `${title}: ${clock(stretch.from)} to ${clock(stretch.until)}`;
    this.place(element, stretch);
    return element;
  }

  private place(element: HTMLElement, { from, until }: Stretch): void {
    element.style.left = `${(from / this.duration) * 100}%`;
    element.style.width = `${(Math.max(0, until - from) / this.duration) * 100}%`;
  }
}

/** The sign of a kind of moment; the page holds them all. */
export function icon(kind: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#sign-${kind}`);
  svg.append(use);
  return svg;
}
