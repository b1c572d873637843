// What makes a session that is under way go on here: asks for more until it is over.

import type { Playback } from "./playback";
import type { Recording } from "./recording";
import type { Source } from "./source";

/** How often a session that is under way is asked for more, ms. */
const POLL_MS = 4_000;

export function follow(source: Source, playback: Playback, onChange: (recording: Recording) => void): void {
  const ask = async () => {
    // One that fails is asked again: the session goes on.
    const recording = await source.recording().catch(() => null);
    playback.isCutOff = recording === null;
    if (recording) playback.update(recording);
    else playback.onChange();
    if (recording) onChange(recording);
    if (playback.recording.live) setTimeout(ask, POLL_MS);
  };
  setTimeout(ask, POLL_MS);
}
