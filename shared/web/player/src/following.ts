// What makes a session that is under way go on here: asks for more until it is over.

import type { Playback } from "./playback";
import type { Recording } from "./recording";
import { LoadError, type Source } from "./source";

/** How often a session that is under way is asked for more, ms. */
const POLL_MS = 4_000;

export function follow(source: Source, playback: Playback, onChange: (recording: Recording) => void): void {
  const ask = async () => {
    let recording: Recording | null = null;
    try {
      recording = await source.recording();
    } catch (error) {
      // What cannot pass, as of a session that was erased, is not asked for again; else the session goes on.
      if (error instanceof LoadError && !error.mayPass) return end();
    }
    playback.isCutOff = recording === null;
    if (recording) playback.update(recording);
    else playback.onChange();
    if (recording) onChange(recording);
    if (playback.recording.live) setTimeout(ask, POLL_MS);
  };
  const end = () => {
    [playback.isCutOff, playback.isGone] = [false, true];
    playback.recording = { ...playback.recording, live: false };
    playback.onChange();
    onChange(playback.recording);
  };
  setTimeout(ask, POLL_MS);
}
