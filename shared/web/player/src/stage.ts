// What is on stage: rrweb's replayer over some of the recording's pieces, fitted into its place on the page.

import { Replayer } from "@rrweb/replay";
import { EventType, type eventWithTime } from "@rrweb/types";
import { EventReader, type Size, isInteraction } from "./events";
import { skippingPace } from "./skipping";
import { keepPopovers } from "./popovers";
import type { Sources } from "./sources";

/** How soon after a page was opened its first full snapshot is taken, ms. */
const SNAPSHOT_DELAY_MS = 1_000;

/**
 * A recording's start by the visitor's clock, how large its window was at last, and where it may load media
 * from.
 */
export interface Frame {
  readonly startedAt: number;
  readonly size: Size;
  readonly sources: Sources;
}

/** Where the stage stands in the recording. All times are ms from the session's start. */
export class Stage {
  private readonly reader: EventReader;
  private readonly replayer: Replayer;
  private readonly first: number;
  /** When somebody did something, ascending. */
  private readonly interactions: number[] = [];
  /** When pages were recorded as a whole, ascending. */
  private readonly snapshots: number[] = [];
  private readonly resize: ResizeObserver;
  private recorded: Size;
  private speed = 1;
  private destroyed = false;
  /** Bytes of JSON that it holds. */
  held: number;
  /** Until when it can play. */
  until: number;

  /** `null` when nothing of these events can be shown. */
  static open(box: HTMLElement, recorded: unknown[], bytes: number, { startedAt, size, sources }: Frame): Stage | null {
    const reader = new EventReader(size, sources);
    const events = reader.read(recorded);
    return events.length === 0 ? null : new Stage(box, reader, events, bytes, startedAt, size);
  }

  private constructor(
    private readonly box: HTMLElement,
    reader: EventReader,
    events: eventWithTime[],
    bytes: number,
    private readonly startedAt: number,
    size: Size,
  ) {
    this.reader = reader;
    this.recorded = size;
    this.held = bytes;
    this.first = (events[0]?.timestamp ?? startedAt) - startedAt;
    this.until = this.first;
    this.noted(events);
    this.replayer = new Replayer(events, {
      root: box,
      // More comes while it plays; the end is where the playback says.
      liveMode: true,
      mouseTail: { strokeStyle: "#2b4be0", lineWidth: 2, duration: 400 },
      showWarning: false,
      // The keyboard stays with whoever watches.
      triggerFocus: false,
      UNSAFE_replayCanvas: false,
    });
    tolerate(this.replayer);
    keepPopovers(this.replayer, reader.popovers);
    const { wrapper, iframe } = this.replayer;
    wrapper.setAttribute("inert", "");
    iframe.setAttribute("title", "The recorded page");
    iframe.setAttribute("referrerpolicy", "no-referrer");
    iframe.setAttribute("tabindex", "-1");
    this.replayer.on("resize", (changed) => {
      this.recorded = changed as Size;
      this.fit();
    });
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(box);
  }

  /** Adds a piece that follows. */
  append(recorded: unknown[], bytes: number): void {
    const events = this.reader.read(recorded);
    for (const event of events) this.replayer.addEvent(event);
    this.noted(events);
    this.held += bytes;
  }

  /** Whether a moment is among what it holds. */
  holds(at: number): boolean {
    return at >= this.first && at <= this.until;
  }

  /**
   * Where to stand in order to see what happened at a moment: the page that was opened then, not the one
   * before.
   */
  settled(at: number): number {
    const next = this.snapshots[firstAfter(this.snapshots, at)] ?? Infinity;
    return next - at <= SNAPSHOT_DELAY_MS ? Math.min(next + 1, this.until) : at;
  }

  get position(): number {
    return Math.min(this.first + Math.max(0, this.replayer.getCurrentTime()), this.until);
  }

  play(at: number): void {
    this.replayer.play(this.offset(at));
  }

  pause(at?: number): void {
    this.replayer.pause(at === undefined ? undefined : this.offset(at));
  }

  setSpeed(speed: number): void {
    if (speed === this.speed) return;
    this.speed = speed;
    this.replayer.setConfig({ speed });
  }

  /** How fast to go in order to skip the stretch that nobody did anything in; 1 in any other. */
  skipping(at: number): number {
    const next = this.interactions[firstAfter(this.interactions, at)] ?? this.until;
    const before = this.interactions[firstAfter(this.interactions, at) - 1] ?? this.first;
    return skippingPace(before, next, at);
  }

  destroy(): void {
    this.destroyed = true;
    this.resize.disconnect();
    this.replayer.destroy();
  }

  private offset(at: number): number {
    return Math.min(Math.max(0, at - this.first), Math.max(0, this.until - this.first));
  }

  private noted(events: readonly eventWithTime[]): void {
    for (const event of events) {
      const at = event.timestamp - this.startedAt;
      this.until = Math.max(this.until, at);
      if (event.type === EventType.FullSnapshot) this.snapshots.push(at);
      if (isInteraction(event)) this.interactions.push(at);
    }
  }

  /** Shows the recorded window as large as its place allows, but not larger than it was. */
  private fit(): void {
    if (this.destroyed) return;
    const { clientWidth, clientHeight } = this.box;
    const { width, height } = this.recorded;
    const scale = Math.min(clientWidth / width, clientHeight / height, 1);
    const [left, top] = [(clientWidth - width * scale) / 2, (clientHeight - height * scale) / 2];
    const { style } = this.replayer.wrapper;
    style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px) scale(${scale})`;
    style.width = `${width}px`;
    style.height = `${height}px`;
    style.setProperty("--enlarged", String(1 / Math.max(scale, 0.2)));
  }
}

/** The first place in ascending times that is after a moment. */
function firstAfter(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Lets a single event that cannot be applied be passed over. rrweb calls its own methods by name, and its
 * clock stops for good at the first that throws.
 */
function tolerate(replayer: Replayer): void {
  type Step = (...values: unknown[]) => unknown;
  const names = ["applyIncremental", "rebuildFullSnapshot", "moveAndHover", "play", "pause"] as const;
  const steps = replayer as unknown as Record<(typeof names)[number], Step>;
  for (const name of names) {
    const step = steps[name];
    steps[name] = (...values) => {
      try {
        return step.apply(replayer, values);
      } catch (error) {
        console.info("A recorded event could not be played.", error);
        return;
      }
    };
  }
}
