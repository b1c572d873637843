// What came of a piece, made into events that rrweb can play: those that it cannot are left out.

import { EventType, IncrementalSource, type eventWithTime } from "@rrweb/types";
import { CutEvents } from "./cut";
import { POPOVER } from "./popovers";
import { Sanitizer } from "./sanitize";
import type { Sources } from "./sources";

type Fields = Record<string, unknown>;

/** The size of a window, CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What somebody at the controls does. */
const INTERACTIONS: ReadonlySet<unknown> = new Set([
  IncrementalSource.MouseMove,
  IncrementalSource.MouseInteraction,
  IncrementalSource.Scroll,
  IncrementalSource.ViewportResize,
  IncrementalSource.Input,
  IncrementalSource.TouchMove,
  IncrementalSource.MediaInteraction,
  IncrementalSource.Drag,
]);

/**
 * Sources that are played as they are: rrweb looks them over itself, and a single one that fails is passed
 * over.
 */
const PLAIN: ReadonlySet<unknown> = new Set([
  IncrementalSource.MouseInteraction,
  IncrementalSource.Scroll,
  IncrementalSource.ViewportResize,
  IncrementalSource.Input,
  IncrementalSource.Selection,
]);

/** What the recorder calls the events that say how large a picture is, and that a popover was opened. */
const PICTURE_TAG = "recapt.picture";
const EFFECT_TAG = "recapt:effect";

export function isInteraction(event: eventWithTime): boolean {
  return event.type === EventType.IncrementalSnapshot && INTERACTIONS.has(event.data.source);
}

/** Reads the pieces of one stage, in order: each begins where the one before ended. */
export class EventReader {
  private readonly sanitizer: Sanitizer;
  private readonly cut = new CutEvents();
  /** Set by the first full snapshot: nothing can be played before. */
  private isBuilt = false;

  /** `size`: of the window, until a meta event says it. `sources`: where media may be loaded from. */
  constructor(
    private size: Size,
    sources: Sources,
  ) {
    this.sanitizer = new Sanitizer(sources);
  }

  read(recorded: readonly unknown[]): eventWithTime[] {
    const events: eventWithTime[] = [];
    for (const event of this.cut.join(recorded)) {
      if (!isObject(event) || !Number.isFinite(event.timestamp) || !isObject(event.data)) continue;
      const timestamp = event.timestamp as number;
      if (event.type === EventType.Meta) {
        this.size = sizeOf(event.data) ?? this.size;
      } else if (event.type === EventType.FullSnapshot) {
        if (!this.sanitizer.page(event.data.node)) continue;
        this.isBuilt = true;
        const data = { node: event.data.node, initialOffset: offset(event.data.initialOffset) };
        // rrweb looks for the meta event where a seek is to begin. The recorder may have lost it, or put it
        // into the chunk before; one without a snapshot behind it would lead a seek astray.
        const meta = { type: EventType.Meta, data: { href: "", ...this.size }, timestamp };
        events.push(meta as eventWithTime, { type: EventType.FullSnapshot, data, timestamp } as eventWithTime);
      } else if (event.type === EventType.IncrementalSnapshot && this.isBuilt && this.change(event.data)) {
        events.push({ type: event.type, data: event.data, timestamp } as unknown as eventWithTime);
      } else if (event.type === EventType.Custom && this.isBuilt && isObject(event.data.payload)) {
        const data = this.told(event.data.tag, event.data.payload);
        if (data) events.push({ type: EventType.IncrementalSnapshot, data, timestamp } as unknown as eventWithTime);
      }
    }
    return events;
  }

  /** Cleans a change to the page; whether it can be played. */
  private change(data: Fields): boolean {
    switch (data.source) {
      case IncrementalSource.Mutation:
        this.mutation(data);
        return true;
      case IncrementalSource.MouseMove:
      case IncrementalSource.TouchMove:
      case IncrementalSource.Drag:
        data.positions = objects(data.positions).filter((position) => Number.isFinite(position.timeOffset));
        return (data.positions as unknown[]).length > 0;
      case IncrementalSource.MediaInteraction:
        return this.sanitizer.isMedia(data.id);
      case IncrementalSource.StyleSheetRule:
        data.adds = this.rules(data.adds);
        for (const name of ["replace", "replaceSync"]) this.styled(data, name);
        return true;
      case IncrementalSource.StyleDeclaration:
        if (isObject(data.set)) this.styled(data.set, "value");
        return true;
      case IncrementalSource.Font:
        this.styled(data, "fontSource");
        return true;
      case IncrementalSource.AdoptedStyleSheet:
        data.styles = objects(data.styles).map((sheet) => ({ ...sheet, rules: this.rules(sheet.rules) }));
        return true;
      default:
        return PLAIN.has(data.source);
    }
  }

  private rules(value: unknown): Fields[] {
    const rules = objects(value).filter((add) => typeof add.rule === "string");
    return rules.map((add) => ({ ...add, rule: this.sanitizer.styles(add.rule as string) }));
  }

  private styled(holder: Fields, name: string): void {
    const css = holder[name];
    if (typeof css === "string") holder[name] = this.sanitizer.styles(css);
  }

  /** Ids of the popovers among what was read. */
  get popovers(): ReadonlySet<number> {
    return this.sanitizer.popovers;
  }

  /**
   * What the recorder tells, as a change: the box of a picture that is not loaded becomes as large as the
   * picture was; a popover is open, or is not.
   */
  private told(tag: unknown, { id, ...payload }: Fields): Fields | null {
    const isPopover = tag === EFFECT_TAG && payload.kind === "popover" && this.popovers.has(id as number);
    const popover = isPopover ? { [POPOVER]: payload.open === true ? "open" : "closed" } : null;
    const attributes = tag === PICTURE_TAG ? this.sanitizer.sized(id, payload) : popover;
    const none = { source: IncrementalSource.Mutation, texts: [], removes: [], adds: [] };
    return attributes && { ...none, attributes: [{ id, attributes }] };
  }

  private mutation(data: Fields): void {
    data.removes = objects(data.removes);
    data.texts = objects(data.texts).map((change) => ({
      ...change,
      value: typeof change.value === "string" ? this.sanitizer.text(change.id, change.value) : null,
    }));
    data.attributes = objects(data.attributes).filter((change) => {
      this.sanitizer.changed(change.id, change.attributes);
      return isObject(change.attributes);
    });
    data.adds = objects(data.adds).filter((add) => this.sanitizer.added(add.node, add.parentId));
  }
}

function sizeOf(data: Fields): Size | null {
  const { width, height } = data;
  const isLength = (value: unknown): value is number => typeof value === "number" && value > 0 && value <= 20_000;
  return isLength(width) && isLength(height) ? { width, height } : null;
}

function offset(value: unknown): { top: number; left: number } {
  const given = isObject(value) ? value : {};
  const length = (side: unknown) => (typeof side === "number" && Number.isFinite(side) ? side : 0);
  return { top: length(given.top), left: length(given.left) };
}

function objects(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
