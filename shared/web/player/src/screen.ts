// What the player says of itself: on the screen, and under it.

import { element, find, write } from "./dom";
import type { Playback, Status } from "./playback";
import { clock, length } from "./time";

/** So far behind somebody on the site one may jump to what they do now, ms. */
const BEHIND_MS = 15_000;

const SAID: Readonly<Record<Status, string>> = {
  loading: "Loading …",
  waiting: "Waiting for more …",
  unplayable: "This recording has no video: its beginning is missing. The timeline still shows what happened.",
  ended: "",
  paused: "",
  playing: "",
};

export class Screen {
  readonly stage: HTMLElement;
  private readonly veil: HTMLElement;
  private readonly button = element("button", { type: "button", class: "button again" }, "Try again");
  private again: (() => void) | undefined;

  constructor(private readonly player: HTMLElement) {
    this.stage = find(player, ".stage");
    this.veil = find(player, ".veil");
    this.button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.again?.();
    });
  }

  /** Says it on the screen; with a way to try again, where that may help. */
  say(text: string, again?: () => void): void {
    write(this.veil, text);
    this.again = again;
    if (again === undefined) this.button.remove();
    else if (!this.button.isConnected) this.veil.after(this.button);
  }

  /** Draws what the playback is doing. */
  draw(playback: Playback): void {
    const { player } = this;
    player.dataset.status = playback.status;
    const isPlaying = playback.isPlaying;
    const button = find<HTMLButtonElement>(player, ".play");
    button.disabled = playback.status === "unplayable";
    button.classList.toggle("is-playing", isPlaying);
    write(find(button, "span"), isPlaying ? "Pause" : "Play");
    write(find(player, ".now"), clock(playback.position));
    write(find(player, ".duration"), clock(playback.recording.duration));
    const isUnplayable = playback.status === "unplayable";
    const [failed] = playback.flaws.filter(({ mayPass }) => mayPass);
    const again = failed ? () => playback.retry() : undefined;
    if (isUnplayable && failed) this.say(`The recording ${failed.why}.`, again);
    else this.say(playback.isGone && playback.status === "waiting" ? "" : SAID[playback.status]);
    find(player, ".skipping").hidden = !(playback.skipping && playback.status !== "paused");
    const { live, duration } = playback.recording;
    find(player, ".to-now").hidden = !live || duration - playback.position < BEHIND_MS;
    this.note(missingAt(playback), isUnplayable ? undefined : again);
  }

  /** Says under the screen what is missing. */
  private note(text: string, again: (() => void) | undefined): void {
    const note = find(this.player, ".missing");
    note.hidden = text === "";
    if (note.dataset.text === `${text}${again !== undefined}`) return;
    note.dataset.text = `${text}${again !== undefined}`;
    note.replaceChildren(text);
    if (!again) return;
    const button = element("button", { type: "button", class: "again" }, "Try again");
    button.addEventListener("click", again);
    note.append(" ", button);
  }
}

/** What is not there of the recording, as sentences. */
function missingAt({ recording, flaws, isCutOff, isGone }: Playback): string {
  const stretch = (from: number, until: number) => `${clock(from)}–${clock(until)}`;
  const lost = recording.missing.map(({ from, until }) => {
    const { text, isOne } = length(until - from);
    return `${text} ${isOne ? "is" : "are"} missing (${stretch(from, until)}).`;
  });
  const flawed = flaws.map(({ from, until, why }) => `${stretch(from, until)} ${why}.`);
  const first = recording.pieces.find((piece) => piece.snapshot !== null)?.snapshot ?? 0;
  const unseen = first > 1_000 ? [`Nothing can be shown before ${clock(first)}: only then was the page recorded as a whole.`] : [];
  const cutOff = isCutOff ? ["The connection is lost. Trying again …"] : [];
  const gone = isGone ? ["This recording is not available any more."] : [];
  return [...gone, ...cutOff, ...unseen, ...lost, ...flawed].slice(0, 4).join(" ");
}
