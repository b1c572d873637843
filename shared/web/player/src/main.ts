// The player: what plays a recording on its page. The server draws the page; this fills the screen in it.

import { Address } from "./address";
import { Bar } from "./bar";
import * as controls from "./controls";
import { announce } from "./copying";
import { find } from "./dom";
import { follow } from "./following";
import { Handing } from "./handing";
import { Happened } from "./happened";
import { Logged } from "./logged";
import { idleStretches, nextTrouble } from "./moments";
import { Playback } from "./playback";
import type { Recording } from "./recording";
import { Screen } from "./screen";
import * as share from "./share";
import { LoadError, Source } from "./source";
import { Sources } from "./sources";
import { connectTabs } from "./tabs";
import { Visited } from "./visited";

/** Browsers that know it forget the page's own policy in styles: Chromium 156 tells our origin without it. */
const MODIFIER = " referrer-policy(no-referrer)";
const QUIETLY = CSS.supports("background-image", `url("a"${MODIFIER})`) ? MODIFIER : "";

/** How often the lists look where the recording is, ms of it. */
const GLANCE_MS = 100;

const page = document.querySelector<HTMLElement>("#replay");
if (page) begin(page);

function begin(page: HTMLElement): void {
  const source = new Source(location);
  const sharing = page.querySelector<HTMLElement>(".share");
  let playback: Playback | null = null;
  const moment = () => (playback?.position ?? 0) / 1_000;
  if (sharing) share.connect(sharing, source, page.dataset.csrf ?? "", moment);
  const screen = new Screen(find(page, ".player"));
  const load = async () => {
    screen.say("Loading …");
    try {
      playback = play(page, screen, source, await source.recording());
    } catch (error) {
      const why = error instanceof LoadError ? error.message : "could not be loaded";
      screen.say(`The recording ${why}.`, () => void load());
    }
  };
  void load();
}

function play(page: HTMLElement, screen: Screen, source: Source, recording: Recording): Playback {
  const data = (name: string) => Number(page.dataset[name]);
  const [startedAt, size] = [data("startedAt"), { width: data("width"), height: data("height") }];
  const sources = new Sources(page.dataset.sources ?? "", QUIETLY);
  const playback = new Playback(screen.stage, source, recording, { startedAt, size, sources });
  const go = (at: number) => void playback.seek(at);
  const bar = new Bar(find(page, ".bar"), go);
  const visited = new Visited(find(page, ".visited b"), find(page, ".pages"));
  const happened = new Happened(find(page, "#happened"), recording, () => source.timeline(), () => draw());
  const last = ({ pieces }: Recording) => Math.max(0, ...pieces.slice(-1).map(({ seq }) => seq));
  const logged = new Logged(page, (from) => source.log(from, startedAt), last(recording));
  connectTabs(find(page, ".side"), (panel) => panel !== "happened" && logged.open());
  const watched = () => ({ position: playback.position, moments: happened.moments, recording: playback.recording });
  const handing = new Handing(page, source, watched);
  find(page, ".taken").hidden = false;

  const address = new Address();

  let [flaws, seen, status] = [0, -Infinity, ""];
  const draw = () => {
    // The whole timeline knows of more stretches than the summary does.
    playback.idle = idleStretches(happened.moments);
    flaws = playback.flaws.length;
    bar.draw(playback.recording, playback.idle, playback.flaws, happened.moments);
    seen = -Infinity;
    show();
  };
  const show = () => {
    if (playback.flaws.length !== flaws) return draw();
    bar.move(playback.position, playback.loaded);
    screen.draw(playback);
    if (playback.status === status && Math.abs(playback.position - seen) < GLANCE_MS) return;
    [seen, status] = [playback.position, playback.status];
    for (const list of [happened, logged]) list.follow(seen);
    visited.follow(happened.moments, seen);
    if (status === "paused") address.rest(seen);
  };
  controls.connect(find(page, ".player"), find(page, "#help"), playback, {
    problem: (direction) => {
      const trouble = nextTrouble(happened.moments, playback.position, direction);
      if (trouble) go(trouble.at);
      else announce(page, direction > 0 ? "No problem after this moment." : "No problem before this moment.");
    },
    copyLink: () => void handing.link(),
    toNow: () => {
      go(playback.recording.duration);
      playback.play();
    },
  });
  document.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-at]") : null;
    if (row === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(Number(row.dataset.at));
  });
  playback.onChange = show;
  draw();
  if (recording.live) {
    follow(source, playback, (later) => {
      logged.extend(last(later));
      happened.update(later);
      draw();
      page.classList.toggle("is-over", !later.live);
    });
  }
  const seconds = Number(new URLSearchParams(location.search).get("t") ?? 0);
  go(Number.isFinite(seconds) ? seconds * 1_000 : 0);
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) playback.play();
  return playback;
}
