// A list of which only those rows are in the page that are in sight, and the one with the focus: it may have
// thousands.
//
// Rows are as high as their texts ask for. A row that was never in sight is taken to be as high as most.

import { element } from "./dom";

/** How high a row is taken to be before it is seen, CSS pixels. */
const USUAL_PIXELS = 36;

/** How far beyond what is in sight rows are drawn, CSS pixels. */
const BEYOND_PIXELS = 800;

/** For so long after somebody has touched the list it does not move by itself, ms. */
const LEFT_ALONE_MS = 5_000;

/** What a list has to know of its items. */
export interface RowKind<Item> {
  /** When it was, ms from the session's start; ascending. */
  readonly at: (item: Item) => number;
  /** Equal for items whose rows look the same. */
  readonly key: (item: Item) => string;
  /** What stands in the row; its first link or button is what is focused. */
  readonly draw: (item: Item) => Node[];
}

export class Rows<Item> {
  private items: readonly Item[] = [];
  private keys: readonly string[] = [];
  private readonly heights = new Map<string, number>();
  /** Where each row begins, and where the last ends. */
  private tops: number[] = [0];
  private readonly drawn = new Map<number, HTMLElement>();
  /** The row that the tab key leads to. */
  private reached = 0;
  /** The row of what happened last. */
  private current = -1;
  private touchedAt = -Infinity;
  /** How wide it was when rows were measured; 0 while it is hidden. */
  private width = 0;

  constructor(
    private readonly box: HTMLElement,
    private readonly list: HTMLElement,
    private readonly kind: RowKind<Item>,
  ) {
    list.classList.add("drawn");
    list.replaceChildren();
    box.addEventListener("scroll", () => this.render(), { passive: true });
    for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      box.addEventListener(name, () => (this.touchedAt = performance.now()), { passive: true });
    }
    list.addEventListener("keydown", (event) => this.pressed(event));
    list.addEventListener("focusin", ({ target }) => this.reach(this.indexOf(target)));
    // What is unfolded in a row makes it higher.
    list.addEventListener("toggle", () => this.render(), { capture: true });
    new ResizeObserver(() => this.resized()).observe(box);
  }

  set(items: readonly Item[]): void {
    const keys = items.map(this.kind.key);
    // A row that stays may have another place, or not be the current one any more.
    this.mark(this.current, false);
    for (const [index, row] of this.drawn) {
      if (keys[index] !== this.keys[index]) this.remove(index, row);
    }
    [this.items, this.keys] = [items, keys];
    this.reached = Math.max(0, Math.min(this.reached, items.length - 1));
    this.current = -1;
    for (const row of this.drawn.values()) row.setAttribute("aria-setsize", `${items.length}`);
    this.measure();
    this.render();
  }

  /** Marks the row of what happened last, and keeps it in sight unless somebody is at the list. */
  follow(position: number): void {
    const latest = this.before((index) => this.kind.at(this.items[index] as Item) <= position + 50);
    if (latest === this.current) return;
    this.mark(this.current, false);
    this.current = latest;
    this.mark(latest, true);
    if (latest < 0 || performance.now() - this.touchedAt < LEFT_ALONE_MS) return;
    const middle = this.middle(latest);
    const isNear = Math.abs(middle - this.box.scrollTop) < this.box.clientHeight;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.box.scrollTo({ top: middle, behavior: isNear && !isCalm ? "smooth" : "auto" });
  }

  private pressed(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(this.box.clientHeight / USUAL_PIXELS) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.items.length,
      End: this.items.length,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.reach(this.reached + step);
    this.reveal(this.reached);
    focusable(this.drawn.get(this.reached))[0]?.focus({ preventScroll: true });
  }

  /** Makes a row the one that the tab key leads to. */
  private reach(index: number): void {
    const before = this.reached;
    this.reached = Math.max(0, Math.min(index, this.items.length - 1));
    this.render();
    for (const place of [before, this.reached]) this.open(place);
  }

  private open(index: number): void {
    for (const target of focusable(this.drawn.get(index))) target.tabIndex = index === this.reached ? 0 : -1;
  }

  private reveal(index: number): void {
    const { scrollTop, clientHeight } = this.box;
    const [top, bottom] = [this.top(index), this.top(index + 1)];
    if (top < scrollTop) this.box.scrollTop = top;
    else if (bottom > scrollTop + clientHeight) this.box.scrollTop = bottom - clientHeight;
    this.render();
  }

  private mark(index: number, isCurrent: boolean): void {
    const [target] = focusable(this.drawn.get(index));
    if (isCurrent) target?.setAttribute("aria-current", "true");
    else target?.removeAttribute("aria-current");
  }

  /** Puts the rows into the page that belong there, and takes out the others. */
  private render(): void {
    const { scrollTop, clientHeight } = this.box;
    if (clientHeight === 0) return;
    const first = Math.max(0, this.before((index) => this.top(index) <= scrollTop - BEYOND_PIXELS));
    const last = this.before((index) => this.top(index) < scrollTop + clientHeight + BEYOND_PIXELS);
    for (const [index, row] of this.drawn) {
      if ((index < first || index > last) && index !== this.reached) this.remove(index, row);
    }
    for (let index = first; index <= last; index++) this.add(index);
    if (this.items.length > 0) this.add(this.reached);
    this.grow();
    for (const [index, row] of this.drawn) row.style.top = `${this.top(index)}px`;
  }

  private add(index: number): void {
    const item = this.items[index];
    if (item === undefined || this.drawn.has(index)) return;
    const row = element("li", { "aria-setsize": `${this.items.length}`, "aria-posinset": `${index + 1}` });
    row.append(...this.kind.draw(item));
    const following = [...this.drawn.keys()].filter((other) => other > index);
    const next = following.length > 0 ? this.drawn.get(Math.min(...following)) : undefined;
    this.list.insertBefore(row, next ?? null);
    this.drawn.set(index, row);
    this.open(index);
    if (index === this.current) this.mark(index, true);
  }

  private remove(index: number, row: HTMLElement): void {
    row.remove();
    this.drawn.delete(index);
  }

  /** Looks how high the rows in the page are: what is in sight stays where it is. */
  private grow(): void {
    let above = 0;
    let hasGrown = false;
    for (const [index, row] of this.drawn) {
      const [key, height] = [this.keys[index] ?? "", row.offsetHeight];
      const difference = height - this.height(key);
      if (difference === 0) continue;
      if (this.top(index + 1) <= this.box.scrollTop) above += difference;
      this.heights.set(key, height);
      hasGrown = true;
    }
    if (hasGrown) this.measure();
    if (above !== 0) this.box.scrollTop += above;
  }

  private measure(): void {
    this.tops = [0];
    let top = 0;
    for (const key of this.keys) this.tops.push((top += this.height(key)));
    this.list.style.height = `${top}px`;
  }

  /**
   * Texts wrap otherwise in a list of another width, which stays at the same row; one that was hidden begins
   * where the recording is.
   */
  private resized(): void {
    const { clientWidth, scrollTop } = this.box;
    const first = this.before((index) => this.top(index) <= scrollTop);
    const wasHidden = this.width === 0;
    const isOther = this.width !== clientWidth;
    this.width = clientWidth;
    if (clientWidth === 0) return;
    if (isOther) this.heights.clear();
    this.measure();
    this.render();
    if (wasHidden) this.box.scrollTop = this.middle(this.current);
    else if (isOther) this.box.scrollTop = this.top(first);
  }

  /** Where the list is to stand for a row to be in its middle. */
  private middle(index: number): number {
    return (this.top(index) + this.top(index + 1) - this.box.clientHeight) / 2;
  }

  private height(key: string): number {
    return this.heights.get(key) ?? USUAL_PIXELS;
  }

  private top(index: number): number {
    return this.tops[index] ?? this.tops.at(-1) ?? 0;
  }

  private indexOf(target: EventTarget | null): number {
    for (const [index, row] of this.drawn) if (target instanceof Node && row.contains(target)) return index;
    return this.reached;
  }

  /** The last row of which something holds that holds of all before it; -1 for none. */
  private before(holds: (index: number) => boolean): number {
    let [low, high] = [0, this.items.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(middle)) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function focusable(row: HTMLElement | undefined): HTMLElement[] {
  return [...(row?.querySelectorAll<HTMLElement>("a, summary") ?? [])];
}
