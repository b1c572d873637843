import assert from "node:assert/strict";
import { test } from "node:test";
import { follow } from "../src/following";
import type { Playback } from "../src/playback";
import { type Recording, parseRecording } from "../src/recording";
import { LoadError, type Source } from "../src/source";

const LIVE = parseRecording({ live: true });

/** What becomes of a session under way when its questions are answered so, one after the other. */
async function followed(answers: readonly (Recording | Error)[]) {
  const [waiting, told]: [(() => unknown)[], Recording[]] = [[], []];
  const playback = {
    recording: LIVE,
    isCutOff: false,
    isGone: false,
    update: (later: Recording) => (playback.recording = later),
    onChange: () => {},
  };
  let asked = 0;
  const recording = async () => {
    const answer = answers[asked++];
    if (answer === undefined || answer instanceof Error) throw answer;
    return answer;
  };
  const before = globalThis.setTimeout;
  globalThis.setTimeout = ((next: () => unknown) => waiting.push(next)) as never;
  try {
    follow({ recording } as unknown as Source, playback as unknown as Playback, (later) => told.push(later));
    for (const _ of answers) await waiting.shift()?.();
  } finally {
    globalThis.setTimeout = before;
  }
  return { playback, asked, told, goesOn: waiting.length > 0 };
}

test("a connection that is lost is tried again, and what comes then is taken", async () => {
  const lost = await followed([new LoadError("could not be loaded", true)]);
  assert.deepEqual([lost.playback.isCutOff, lost.playback.isGone, lost.goesOn], [true, false, true]);
  const back = await followed([new TypeError("no"), LIVE]);
  assert.deepEqual([back.playback.isCutOff, back.playback.isGone, back.goesOn], [false, false, true]);
  assert.equal(back.told.length, 1);
});

test("a recording that is not there any more is not asked for again, and not called live", async () => {
  const gone = await followed([LIVE, new LoadError("is not there any more"), LIVE]);
  assert.deepEqual([gone.asked, gone.goesOn], [2, false]);
  assert.deepEqual([gone.playback.isCutOff, gone.playback.isGone], [false, true]);
  assert.equal(gone.told.at(-1)?.live, false);
});
