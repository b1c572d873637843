// Plays a recording: loads pieces ahead of the play head, and puts them on stage.

import { LOADS_AT_ONCE, LOOK_AHEAD_MS, beginning, following, name, needed, turnsOver } from "./playlist";
import type { Piece, Recording, Stretch } from "./recording";
import { LONGEST_SKIPPED_MS, leapFrom } from "./skipping";
import { LoadError, type Source } from "./source";
import { type Frame, Stage } from "./stage";

/** What the playback is doing. */
export type Status = "loading" | "paused" | "playing" | "waiting" | "ended" | "unplayable";

/** A stretch that cannot be shown, and why. */
export interface Flaw extends Stretch {
  readonly why: string;
  /** Whether it may be there the next time. */
  readonly mayPass: boolean;
}

/** Pieces that could be begun with, and were asked for in vain, before nothing more is asked for. */
const MOST_FAILURES = 2;

export class Playback {
  status: Status = "loading";
  /** Where the play head is, ms from the session's start. */
  position = 0;
  speed = 1;
  skipsIdle = true;
  /** Whether it is skipping a stretch right now. */
  skipping = false;
  /** Whether a session that is under way could not be asked for more. */
  isCutOff = false;
  /** Whether a session that was under way cannot be asked for any more. */
  isGone = false;
  /** Where nobody was at the controls, as far as that is known before it is loaded. */
  idle: readonly Stretch[] = [];
  /** What could not be loaded. */
  readonly flaws: Flaw[] = [];
  /** Called when anything of this has changed, and at every step while it plays. */
  onChange: () => void = () => {};

  private stage: Stage | null = null;
  /** The first piece on stage, and the one that comes after the last. */
  private begun = 0;
  private next = 0;
  private readonly broken = new Set<string>();
  private wantsToPlay = false;
  /** Where the last leap over a stretch was to lead. */
  private leaptTo = -1;
  /** Loads what is under way now; another one begins when somebody seeks. */
  private loading = new AbortController();
  private isLoading = false;
  /** Pieces that are being loaded before it is their turn. */
  private readonly early = new Map<string, Promise<unknown[] | null>>();

  constructor(
    private readonly box: HTMLElement,
    private readonly source: Source,
    public recording: Recording,
    private readonly frame: Frame,
  ) {
    requestAnimationFrame(() => this.step());
  }

  /** What is on stage, as a stretch of the recording. */
  get loaded(): Stretch | null {
    const first = this.recording.pieces[this.begun];
    return this.stage && first ? { from: first.from, until: this.stage.until } : null;
  }

  get isPlaying(): boolean {
    return this.wantsToPlay;
  }

  /** Takes a later state of a recording that is still under way. */
  update(recording: Recording): void {
    // A chunk that came late may stand before those that are on stage.
    const place = (index: number) => {
      const piece = this.recording.pieces[index];
      return piece ? recording.pieces.findIndex((other) => name(other) === name(piece)) : -1;
    };
    [this.begun, this.next] = [Math.max(0, place(this.begun)), place(this.next - 1) + 1];
    this.recording = recording;
    if (this.status === "unplayable") void this.begin(this.position);
    if (this.status === "ended" && this.wantsToPlay) this.status = "waiting";
    this.onChange();
  }

  play(): void {
    if (this.status === "unplayable") return;
    this.wantsToPlay = true;
    if (this.status === "ended") void this.seek(0);
    else if (this.status === "paused") this.run();
    this.onChange();
  }

  pause(): void {
    this.wantsToPlay = false;
    if (this.status === "playing" || this.status === "waiting") {
      this.stage?.pause();
      this.status = "paused";
    }
    this.onChange();
  }

  /** Loads once more what could not be loaded. */
  retry(): void {
    this.broken.clear();
    this.flaws.length = 0;
    void this.begin(this.position);
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.stage?.setSpeed(speed);
    this.onChange();
  }

  /** Shows a moment that somebody asks for, and goes on from there if it is playing. */
  async seek(at: number): Promise<void> {
    this.leaptTo = -1;
    await this.show(at);
  }

  private async show(at: number): Promise<void> {
    const to = Math.min(Math.max(0, at), this.recording.duration);
    const stage = this.stage;
    if (stage?.holds(to) && this.status !== "loading") {
      this.position = stage.settled(to);
      this.run();
      this.onChange();
      return;
    }
    await this.begin(to);
  }

  /** Builds the stage anew, from the piece in which a moment can be shown. */
  private async begin(at: number): Promise<void> {
    this.loading.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    this.early.clear();
    this.status = "loading";
    this.position = at;
    this.onChange();
    const passing = () => this.flaws.filter(({ mayPass }) => mayPass).length;
    const before = passing();
    for (;;) {
      // What fails again and again fails for all of them: it may be tried later.
      const isGivenUp = passing() - before >= MOST_FAILURES;
      const index = isGivenUp ? null : beginning(this.recording.pieces, at, this.broken);
      const piece = index === null ? undefined : this.recording.pieces[index];
      if (index === null || piece === undefined) {
        this.stage?.destroy();
        this.stage = null;
        this.status = "unplayable";
        this.onChange();
        return;
      }
      this.loadEarly(index, at, signal);
      const events = await this.load(piece, signal);
      if (signal.aborted) return;
      if (events && this.open(index, piece, events)) break;
    }
    while (this.known < at) {
      this.loadEarly(this.next, at, signal);
      if (!(await this.extend(signal))) break;
    }
    if (signal.aborted || !this.stage) return;
    // A moment before all that can be shown is shown by what comes first.
    this.position = this.stage.settled(Math.min(Math.max(at, this.stage.position), this.known));
    this.run();
    this.onChange();
  }

  /**
   * Until when it is known what happened: to the end of what is on stage, and on to the next piece, if there
   * is one.
   */
  private get known(): number {
    const index = following(this.recording.pieces, this.next, this.broken);
    const next = index === null ? undefined : this.recording.pieces[index];
    return Math.max(this.stage?.until ?? 0, (next?.from ?? 0) - 1);
  }

  /** Puts a piece on an empty stage; whether there is anything to see in it. */
  private open(index: number, piece: Piece, events: unknown[]): boolean {
    this.stage?.destroy();
    this.box.replaceChildren();
    this.stage = Stage.open(this.box, events, piece.bytes, this.frame);
    if (this.stage === null) {
      this.flawed(piece, new LoadError("shows nothing"));
      return false;
    }
    this.stage.setSpeed(this.speed);
    this.begun = index;
    this.next = index + 1;
    return true;
  }

  /** Adds the piece that follows; whether there was one that fits on this stage. */
  private async extend(signal: AbortSignal): Promise<boolean> {
    const index = following(this.recording.pieces, this.next, this.broken);
    const piece = index === null ? undefined : this.recording.pieces[index];
    const stage = this.stage;
    if (index === null || piece === undefined || stage === null || turnsOver(stage.held, piece)) return false;
    const events = await this.load(piece, signal);
    if (signal.aborted) return false;
    this.next = index + 1;
    if (events) stage.append(events, piece.bytes);
    return true;
  }

  /** Begins to load the next pieces that a moment needs. */
  private loadEarly(index: number, at: number, signal: AbortSignal): void {
    const pieces = needed(this.recording.pieces, index, at, this.broken).slice(0, LOADS_AT_ONCE);
    for (const piece of pieces) {
      if (!this.early.has(name(piece))) this.early.set(name(piece), this.fetch(piece, signal));
    }
  }

  private load(piece: Piece, signal: AbortSignal): Promise<unknown[] | null> {
    const early = this.early.get(name(piece));
    this.early.delete(name(piece));
    return early ?? this.fetch(piece, signal);
  }

  private async fetch(piece: Piece, signal: AbortSignal): Promise<unknown[] | null> {
    try {
      return await this.source.events(piece, signal);
    } catch (error) {
      if (!signal.aborted) this.flawed(piece, error instanceof LoadError ? error : new LoadError("is damaged"));
      return null;
    }
  }

  private flawed(piece: Piece, { message: why, mayPass }: LoadError): void {
    this.broken.add(name(piece));
    this.flaws.push({ from: piece.from, until: piece.until, why, mayPass });
    this.onChange();
  }

  /** Plays or stands still at the position, as whoever watches wants. */
  private run(): void {
    if (this.wantsToPlay) this.stage?.play(this.position);
    else this.stage?.pause(this.position);
    this.status = this.wantsToPlay ? "playing" : "paused";
  }

  private step(): void {
    requestAnimationFrame(() => this.step());
    const stage = this.stage;
    if (stage === null || this.status === "loading") return;
    if (this.status === "playing") this.advance(stage);
    if (this.status === "waiting" && stage.until > this.position) this.run();
    if (stage.until - this.position < LOOK_AHEAD_MS * Math.max(1, this.speed / 2)) this.lookAhead();
  }

  private advance(stage: Stage): void {
    this.position = Math.max(this.position, stage.position);
    const leap = this.leap(stage);
    if (leap !== null) return this.leapTo(leap);
    const skipping = this.skipsIdle ? stage.skipping(this.position) : 1;
    this.skipping = skipping > 1;
    stage.setSpeed(Math.max(this.speed, skipping));
    if (this.position >= stage.until) this.runDry(stage);
    this.onChange();
  }

  /**
   * Where to go on at once: what never arrived has nothing to be seen, and of what nobody was at the controls
   * for not even the pieces need be loaded.
   */
  private leap(stage: Stage): number | null {
    const stretches = [...this.recording.missing, ...(this.skipsIdle ? this.idle : [])];
    const end = leapFrom(stretches, this.position);
    // Where it led nowhere the first time it does not lead any further.
    if (end === null || end === this.leaptTo) return null;
    return stage.holds(end) && end - this.position < LONGEST_SKIPPED_MS ? null : end;
  }

  private leapTo(end: number): void {
    this.leaptTo = end;
    this.skipping = true;
    void this.show(end);
  }

  /** All that is on stage has been played. */
  private runDry(stage: Stage): void {
    const index = following(this.recording.pieces, this.next, this.broken);
    const piece = index === null ? undefined : this.recording.pieces[index];
    stage.pause();
    const leap = this.leap(stage);
    if (leap !== null) return this.leapTo(leap);
    this.skipping = false;
    if (piece !== undefined && turnsOver(stage.held, piece)) {
      void this.begin(piece.snapshot ?? piece.from);
    } else if (piece !== undefined || this.recording.live) {
      this.status = "waiting";
    } else {
      this.wantsToPlay = false;
      this.position = this.recording.duration;
      this.status = "ended";
    }
  }

  private lookAhead(): void {
    // A stage that gives way to another one is not added to.
    if (this.isLoading || this.status === "loading") return;
    this.isLoading = true;
    const { signal } = this.loading;
    void this.extend(signal).then((isExtended) => {
      this.isLoading = false;
      if (isExtended) this.onChange();
    });
  }
}
