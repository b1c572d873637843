// What can be pressed, by pointer and by key.

import type { Playback } from "./playback";

/** How far an arrow key leads, ms. */
const ARROW_MS = 5_000;

export function connect(player: HTMLElement, playback: Playback): void {
  const play = player.querySelector(".play") as HTMLButtonElement;
  const speed = player.querySelector(".speed select") as HTMLSelectElement;
  const skip = player.querySelector(".skip-idle input") as HTMLInputElement;
  const full = player.querySelector(".full-screen") as HTMLButtonElement;
  const screen = player.querySelector(".screen") as HTMLElement;

  const toggle = () => (playback.isPlaying ? playback.pause() : playback.play());
  const toggleFullScreen = () => {
    const change = document.fullscreenElement ? document.exitFullscreen() : player.requestFullscreen();
    void change.catch(() => {});
  };
  play.addEventListener("click", toggle);
  screen.addEventListener("click", toggle);
  speed.addEventListener("change", () => playback.setSpeed(Number(speed.value)));
  skip.addEventListener("change", () => {
    playback.skipsIdle = skip.checked;
    if (!skip.checked) playback.setSpeed(playback.speed);
  });
  full.hidden = !document.fullscreenEnabled;
  full.addEventListener("click", toggleFullScreen);

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    if (target.closest("select, textarea, input:not([type='range']):not([type='checkbox'])")) return;
    const pressable = target.closest("button, a, summary, input[type='checkbox']") !== null;
    const acts: Record<string, (() => void) | undefined> = {
      " ": pressable ? undefined : toggle,
      ArrowLeft: () => void playback.seek(playback.position - ARROW_MS),
      ArrowRight: () => void playback.seek(playback.position + ARROW_MS),
      f: toggleFullScreen,
    };
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}
