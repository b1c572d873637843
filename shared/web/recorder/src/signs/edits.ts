// Fields that change without rrweb's saying so: what is masked looks the same as before, and what is edited
// in the page is no field to it.

import { EventType, IncrementalSource } from "@rrweb/types";
import type { eventWithTime } from "@rrweb/types";
import { typed } from "../privacy/mask";
import { type Win, listen, origin } from "./listen";
import type { Signs } from "./signs";

/**
 * One field is told of so often at most: what a hand does so seldom that nobody can count its keys, and what
 * a script makes of that not at all.
 */
const SCRIPT_MS = 100;
const HAND_MS = 1_000;

type Field = HTMLElement & { value?: unknown };

export class Edits {
  /** What stands in the fields, in the page's memory alone. */
  private readonly values = new WeakMap<Field, string>();
  /** When each field was last told of. */
  private readonly byHand = new WeakMap<Node, number>();
  private readonly byScript = new WeakMap<Node, number>();
  private changed?: { field: Field; by: "hand" | "script" };

  constructor(
    private readonly signs: Signs,
    private readonly idOf: (node: Node) => number | undefined,
    private readonly now: () => number,
  ) {}

  /** Masks a field for rrweb, which asks whenever a field may have changed. */
  mask = (text: string, field: Field): string => {
    const before = this.values.get(field);
    if (text === field.value) {
      this.values.set(field, text);
      if (before !== undefined && before !== text) this.note(field);
    }
    return typed(text);
  };

  /** rrweb tells of an input: that of the field that has just changed says it itself. */
  heed({ type, data }: eventWithTime): void {
    const isInput = type === EventType.IncrementalSnapshot && data.source === IncrementalSource.Input;
    if (isInput && this.changed && this.idOf(this.changed.field) === data.id) this.changed = undefined;
  }

  /** Hears what is typed into the page itself. */
  watch(win: Win): () => void {
    return listen(win, ["input"], (event) => {
      const place = origin(event) as HTMLElement | undefined;
      const isEditable = place?.isContentEditable || win.document.designMode === "on";
      if (event.isTrusted && place && isEditable && typeof (place as Field).value !== "string") this.tell(place, "hand");
    });
  }

  private note(field: Field): void {
    const event = field.ownerDocument.defaultView?.event;
    const isHand = event?.isTrusted && /^(input|change)$/.test(event.type);
    this.flush();
    this.changed = { field, by: isHand ? "hand" : "script" };
    // By then rrweb has told of it, or does not.
    queueMicrotask(() => this.flush());
  }

  private flush(): void {
    const { changed } = this;
    this.changed = undefined;
    if (changed) this.tell(changed.field, changed.by);
  }

  private tell(field: Node, by: "hand" | "script"): void {
    const now = this.now();
    const isSoonAfter = (times: WeakMap<Node, number>, milliseconds: number) => now - (times.get(field) ?? -Infinity) < milliseconds;
    if (isSoonAfter(this.byHand, HAND_MS) || (by === "script" && isSoonAfter(this.byScript, SCRIPT_MS))) return;
    (by === "hand" ? this.byHand : this.byScript).set(field, now);
    this.signs.edit(field, by);
  }
}
