// The bar under the recording: all of the session, with what happened when.

import { type Mark, marks, pressed } from "./marks";
import type { Moment } from "./moments";
import type { Recording, Stretch } from "./recording";
import { clock, spoken } from "./time";

/** The bar: draws stretches and marks, and tells where somebody wants to go. */
export class Bar {
  private readonly seek: HTMLInputElement;
  private readonly track: HTMLElement;
  private readonly hint: HTMLElement;
  private readonly played: HTMLElement;
  private readonly loaded: HTMLElement;
  private duration = 1;
  private position = 0;
  private moments: readonly Moment[] = [];
  private drawn = "";

  constructor(
    private readonly root: HTMLElement,
    private readonly go: (at: number) => void,
  ) {
    const find = <Kind extends HTMLElement>(selector: string) => root.querySelector(selector) as Kind;
    this.seek = find<HTMLInputElement>("input");
    this.track = find(".track");
    this.hint = find(".hint");
    this.played = find(".played");
    this.loaded = find(".loaded");
    this.seek.addEventListener("input", () => go(Number(this.seek.value)));
    for (const name of ["pointermove", "pointerdown"] as const) this.seek.addEventListener(name, (event) => this.tell(event));
    for (const name of ["pointerleave", "pointerup", "pointercancel"] as const) {
      this.seek.addEventListener(name, (event) => {
        if (name !== "pointerup" || event.pointerType === "touch") this.hint.hidden = true;
      });
    }
    new ResizeObserver(() => this.mark()).observe(root);
  }

  /** Draws what does not move. */
  draw(recording: Recording, idle: readonly Stretch[], flaws: readonly Stretch[], moments: readonly Moment[]): void {
    this.duration = Math.max(1, recording.duration);
    this.seek.max = String(this.duration);
    this.track.querySelectorAll(".idle, .gap").forEach((stretch) => stretch.remove());
    for (const stretch of idle) this.track.prepend(this.stretch("idle", stretch));
    for (const stretch of [...recording.missing, ...flaws]) this.track.append(this.stretch("gap", stretch));
    this.moments = moments;
    this.drawn = "";
    this.mark();
  }

  /** Draws what moves. */
  move(position: number, loaded: Stretch | null): void {
    this.position = position;
    this.seek.value = String(position);
    this.seek.setAttribute("aria-valuetext", `${spoken(position)} of ${spoken(this.duration)}`);
    this.place(this.played, { from: 0, until: position });
    this.place(this.loaded, loaded ?? { from: 0, until: 0 });
  }

  /** Says which moment is under the pointer. */
  private tell({ clientX }: PointerEvent): void {
    const { left, width } = this.track.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - left) / Math.max(1, width)));
    this.hint.textContent = clock(share * this.duration);
    this.hint.style.left = `${share * 100}%`;
    this.hint.hidden = false;
  }

  /** Draws the marks, anew only where there are others: one may have the focus. */
  private mark(): void {
    const list = marks(this.moments, this.duration, this.root.clientWidth);
    const drawn = JSON.stringify([this.duration, list.map(({ at, label }) => [at, label])]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    (this.root.querySelector(".marks") as HTMLElement).replaceChildren(...list.map((mark) => this.sign(mark)));
  }

  private sign(mark: Mark): HTMLElement {
    const { at, kind, label } = mark;
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
    button.addEventListener("click", () => this.go(pressed(mark, this.position)));
    item.append(button);
    return item;
  }

  private stretch(kind: "idle" | "gap", stretch: Stretch): HTMLElement {
    const element = document.createElement("span");
    element.className = kind;
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
