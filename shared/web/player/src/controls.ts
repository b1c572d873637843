// What can be pressed, by pointer and by key.

import { find } from "./dom";
import type { Playback } from "./playback";
import { SPEEDS, remember, remembered } from "./preferences";

/** How far an arrow key leads, and a button, ms. */
const ARROW_MS = 5_000;
const LEAP_MS = 10_000;

/** What else a key may do. */
export interface Actions {
  /** Shows the next problem, or the one before. */
  readonly problem: (direction: 1 | -1) => void;
  readonly copyLink: () => void;
  /** Shows what somebody on the site does now. */
  readonly toNow: () => void;
}

export function connect(player: HTMLElement, help: HTMLDialogElement, playback: Playback, actions: Actions): void {
  const speed = find<HTMLSelectElement>(player, ".speed select");
  const skip = find<HTMLInputElement>(player, ".skip-idle input");
  const full = find<HTMLButtonElement>(player, ".full-screen");

  const chosen = remembered();
  [speed.value, skip.checked] = [String(chosen.speed), chosen.skipsIdle];
  const choose = () => {
    playback.skipsIdle = skip.checked;
    playback.setSpeed(Number(speed.value));
    remember({ speed: playback.speed, skipsIdle: playback.skipsIdle });
  };
  playback.skipsIdle = chosen.skipsIdle;
  playback.setSpeed(chosen.speed);

  const toggle = () => (playback.isPlaying ? playback.pause() : playback.play());
  const leap = (ms: number) => void playback.seek(playback.position + ms);
  const faster = (steps: 1 | -1) => {
    speed.value = String(SPEEDS[SPEEDS.indexOf(playback.speed) + steps] ?? playback.speed);
    choose();
  };
  const toggleSkipping = () => {
    skip.checked = !skip.checked;
    choose();
  };
  const toggleFullScreen = () => {
    const change = document.fullscreenElement ? document.exitFullscreen() : player.requestFullscreen();
    void change.catch(() => {});
  };
  const showHelp = () => (help.open ? help.close() : help.showModal());

  speed.addEventListener("change", choose);
  skip.addEventListener("change", choose);
  full.hidden = !document.fullscreenEnabled;
  const pressed: readonly (readonly [string, () => void])[] = [
    [".play", toggle],
    [".screen", toggle],
    [".full-screen", toggleFullScreen],
    [".back-10", () => leap(-LEAP_MS)],
    [".on-10", () => leap(LEAP_MS)],
    [".problem-before", () => actions.problem(-1)],
    [".problem-next", () => actions.problem(1)],
    [".to-now", actions.toNow],
    [".show-help", showHelp],
  ];
  for (const [selector, act] of pressed) find(player, selector).addEventListener("click", act);

  const keys: Readonly<Record<string, () => void>> = {
    " ": toggle,
    ArrowLeft: () => leap(-ARROW_MS),
    ArrowRight: () => leap(ARROW_MS),
    j: () => leap(-LEAP_MS),
    l: () => leap(LEAP_MS),
    n: () => actions.problem(1),
    p: () => actions.problem(-1),
    s: toggleSkipping,
    "<": () => faster(-1),
    ">": () => faster(1),
    c: actions.copyLink,
    f: toggleFullScreen,
    "?": showHelp,
  };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    if (target.closest("select, textarea, input:not([type='range']):not([type='checkbox'])")) return;
    const isOpen = target.closest("dialog") !== null;
    const isPressed = target.closest("button, a, summary, input[type='checkbox']") !== null;
    if ((event.key === " " && isPressed) || (isOpen && event.key !== "?")) return;
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}
