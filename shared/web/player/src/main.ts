// The player: what plays a recording on its page. The server draws the page; this fills the screen in it.

import { Bar } from "./bar";
import * as controls from "./controls";
import { Moments } from "./moments";
import { Playback, type Status } from "./playback";
import type { Recording } from "./recording";
import * as share from "./share";
import { LoadError, Source } from "./source";
import { Sources } from "./sources";
import { clock } from "./time";

/** How often a session that is under way is asked for more, ms. */
const POLL_MS = 4_000;

const SAID: Readonly<Record<Status, string>> = {
  loading: "Loading…",
  waiting: "Waiting for more…",
  unplayable: "Nothing of this recording can be played: it has no picture of the page to begin with. What happened is told beside it.",
  ended: "",
  paused: "",
  playing: "",
};

/** Browsers that know it forget the page's own policy in styles: Chromium 156 tells our origin without it. */
const MODIFIER = " referrer-policy(no-referrer)";
const QUIETLY = CSS.supports("background-image", `url("a"${MODIFIER})`) ? MODIFIER : "";

const page = document.querySelector<HTMLElement>("#replay");
if (page) void start(page);

async function start(page: HTMLElement): Promise<void> {
  const source = new Source(location);
  const sharing = page.querySelector<HTMLElement>(".share");
  let moment = () => 0;
  if (sharing) share.connect(sharing, source, page.dataset.csrf ?? "", () => moment());
  const say = page.querySelector(".veil") as HTMLElement;
  let recording: Recording;
  try {
    recording = await source.recording();
  } catch (error) {
    const why = error instanceof LoadError ? error.message : "could not be loaded";
    say.textContent = `The recording ${why}. Reload the page to try again.`;
    return;
  }
  const playback = play(page, source, recording);
  moment = () => playback.position / 1_000;
}

function play(page: HTMLElement, source: Source, recording: Recording): Playback {
  const player = page.querySelector(".player") as HTMLElement;
  const stage = player.querySelector(".stage") as HTMLElement;
  const data = (name: string) => Number(page.dataset[name]);
  const size = { width: data("width"), height: data("height") };
  const sources = new Sources(page.dataset.sources ?? "", QUIETLY);
  player.style.setProperty("--window", `${size.width} / ${size.height}`);
  const playback = new Playback(stage, source, recording, { startedAt: data("startedAt"), size, sources });
  const go = (at: number) => void playback.seek(at);
  const bar = new Bar(player.querySelector(".bar") as HTMLElement, go);
  const moments = new Moments(page.querySelector(".timeline") as HTMLElement, go);
  controls.connect(player, playback);

  let flaws = 0;
  bar.draw(recording, []);
  const show = () => {
    if (playback.flaws.length !== flaws) {
      flaws = playback.flaws.length;
      bar.draw(playback.recording, playback.flaws);
    }
    bar.move(playback.position, playback.loaded);
    moments.follow(playback.position);
    draw(player, playback);
  };
  playback.onChange = show;
  if (recording.live) follow(source, playback, (later) => {
    bar.draw(later, playback.flaws);
    moments.extend(later.timeline);
    page.classList.toggle("is-over", !later.live);
  });

  const seconds = Number(new URLSearchParams(location.search).get("t") ?? 0);
  void playback.seek(Number.isFinite(seconds) ? seconds * 1_000 : 0);
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) playback.play();
  return playback;
}

/** Draws what the playback is doing. */
function draw(player: HTMLElement, playback: Playback): void {
  const find = (selector: string) => player.querySelector(selector) as HTMLElement;
  player.dataset.status = playback.status;
  const isPlaying = playback.isPlaying;
  const button = find(".play") as HTMLButtonElement;
  button.disabled = playback.status === "unplayable";
  button.classList.toggle("is-playing", isPlaying);
  write(button.querySelector("span") as HTMLElement, isPlaying ? "Pause" : "Play");
  write(find(".now"), clock(playback.position));
  write(find(".duration"), clock(playback.recording.duration));
  write(find(".veil"), SAID[playback.status]);
  find(".skipping").hidden = !(playback.skipping && playback.status === "playing");
  const missing = missingAt(playback);
  const note = find(".missing");
  note.hidden = missing === "";
  write(note, missing);
}

/** What is not there of the recording, as sentences. */
function missingAt(playback: Playback): string {
  const stretch = (from: number, until: number) => `${clock(from)} to ${clock(until)}`;
  const lost = playback.recording.missing.map(({ from, until }) => `${stretch(from, until)} never arrived.`);
  const flawed = playback.flaws.map(({ from, until, why }) => `${stretch(from, until)} ${why}.`);
  const first = playback.recording.pieces.find((piece) => piece.snapshot !== null)?.snapshot ?? 0;
  const unseen = first > 1_000 ? [`${stretch(0, first)} cannot be shown: the page was first recorded as a whole at ${clock(first)}.`] : [];
  return [...unseen, ...lost, ...flawed].slice(0, 4).join(" ");
}

/** Asks for more until the session is over. */
function follow(source: Source, playback: Playback, onChange: (recording: Recording) => void): void {
  const ask = async () => {
    const recording = await source.recording().catch(() => playback.recording);
    playback.update(recording);
    onChange(recording);
    if (recording.live) setTimeout(ask, POLL_MS);
  };
  setTimeout(ask, POLL_MS);
}

/** Touches the page only where it changes. */
function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
