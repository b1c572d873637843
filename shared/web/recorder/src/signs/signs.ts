// What rrweb does not see, and only a recorder can: told as events of our own, small and not too many.
//
// docs/recorder.md has them all.

import { Limit } from "./limit";

/** An effect that changes nothing in the page. */
export type Effect =
  | "popover" | "dialog" | "download" | "window" | "file" | "fullscreen" | "print" | "copy" | "sound"
  | "alert" | "confirm" | "prompt" | "share" | "blur";

/** What is to be known of the page: none of it is told of what is blocked or ignored. */
export interface Nodes {
  /** rrweb's number of a node, if it has one. */
  id(node: Node): number | undefined;
  /** Whether nothing is to be told of it. */
  isSilent(node: Node): boolean;
}

export type Tell = (tag: string, payload: object) => void;

const SECOND_MS = 1_000;
/** Of each kind so many at once, and one more a second. */
const EFFECTS_AT_ONCE = 10;
/** The same thing is heard in several ways: one of a kind in this time. */
export const SAME_MS = 100;
const EDITS_AT_ONCE = 30;
const EDITS_EVERY_MS = 250;
/** Popovers that wait for their turn: more is a page that makes them in a loop. */
const MOST_LATE = 100;

export class Signs {
  private readonly hands: Limit;
  private readonly edits: Limit;
  private readonly effects = new Map<Effect, Limit>();
  private readonly latest = new Map<Effect, number>();
  /** What was opened or closed while too much was told; the last of each counts. */
  private readonly late = new Map<Node, [Effect, boolean]>();
  private timer: unknown;

  constructor(
    private readonly nodes: Nodes,
    private readonly tell: Tell,
    private readonly now: () => number,
  ) {
    this.hands = new Limit(1, SECOND_MS, now);
    this.edits = new Limit(EDITS_AT_ONCE, EDITS_EVERY_MS, now);
  }

  /** Somebody's hand where rrweb records none. */
  hand(by: "key" | "wheel" | "touch", on: Node | undefined): void {
    if (on && this.nodes.isSilent(on)) return;
    if (this.hands.allows()) this.tell("recapt:hand", { by });
  }

  /** A field has changed, and rrweb does not say so. */
  edit(field: Node, by: "hand" | "script"): void {
    const id = this.nodes.isSilent(field) ? undefined : this.nodes.id(field);
    if (id !== undefined && this.edits.allows()) this.tell("recapt:edit", { id, by });
  }

  effect(kind: Effect, on?: Node | null, ms?: number): void {
    if (on && this.nodes.isSilent(on)) return;
    const now = this.now();
    if (now - (this.latest.get(kind) ?? -Infinity) < SAME_MS || !this.allows(kind)) return;
    this.latest.set(kind, now);
    this.tell("recapt:effect", { kind, id: on ? this.nodes.id(on) : undefined, ms });
  }

  /** A popover or a dialog was opened or closed: the last state is told in any case. */
  toggle(kind: Effect, on: Node, open: boolean): void {
    if (this.nodes.isSilent(on)) return;
    if (!this.late.has(on) && this.allows(kind)) return this.toggled(kind, on, open);
    if (this.late.has(on) || this.late.size < MOST_LATE) this.late.set(on, [kind, open]);
    this.timer ??= setTimeout(() => this.tellLate(), SECOND_MS);
  }

  /** Whether an effect of another kind was told in the last so many milliseconds. */
  hadEffect(ms: number): boolean {
    return [...this.latest].some(([kind, at]) => kind !== "blur" && this.now() - at < ms);
  }

  private tellLate(): void {
    this.timer = undefined;
    for (const [node, [kind, open]] of this.late) {
      if (!this.allows(kind)) break;
      this.late.delete(node);
      this.toggled(kind, node, open);
    }
    if (this.late.size > 0) this.timer = setTimeout(() => this.tellLate(), SECOND_MS);
  }

  private toggled(kind: Effect, on: Node, open: boolean): void {
    this.tell("recapt:effect", { kind, id: this.nodes.id(on), open });
  }

  private allows(kind: Effect): boolean {
    let limit = this.effects.get(kind);
    if (!limit) this.effects.set(kind, (limit = new Limit(EFFECTS_AT_ONCE, SECOND_MS, this.now)));
    return limit.allows();
  }
}
