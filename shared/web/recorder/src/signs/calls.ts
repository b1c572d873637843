// Effects that are heard by the calls that make them: native dialogs, windows, choosers, sound.

import { type Listen, patch } from "../patch";
import { isActive, opens } from "./effects";
import type { Win } from "./listen";
import type { Effect, Signs } from "./signs";

type Prototypes = Record<string, { prototype: object } | undefined>;

export function watchCalls(win: Win, signs: Signs): () => void {
  const of = (name: string) => (win as unknown as Prototypes)[name]?.prototype;
  const ends: (() => void)[] = [];
  const hear = (owner: object | undefined, names: string[], listen: Listen) => {
    for (const name of names) ends.push(patch(owner, name, listen));
  };
  for (const kind of ["alert", "confirm", "prompt"] as const) {
    hear(win, [kind], () => {
      const begun = win.performance.now();
      return () => signs.effect(kind, undefined, Math.round(win.performance.now() - begun));
    });
  }
  hear(win, ["print"], () => () => signs.effect("print"));
  hear(win, ["open"], (_, [, , features]) => (opened) => {
    // One that is to know nothing of this page is not given.
    if (opened || /noopener|noreferrer/.test(String(features))) signs.effect("window");
  });
  const choosers = ["showOpenFilePicker", "showSaveFilePicker", "showDirectoryPicker"];
  hear(win, choosers, () => whenActive(win, () => signs.effect("file")));
  for (const name of ["HTMLInputElement", "HTMLSelectElement"]) {
    hear(of(name), ["showPicker"], (field) => whenActive(win, () => signs.effect(picker(field), field as Node)));
  }
  // What stands on no page is clicked by nobody else, and no event tells of it.
  hear(of("HTMLElement"), ["click"], (self) => {
    const kind = (self as Node).isConnected ? undefined : opens(self, win);
    return kind && (() => signs.effect(kind));
  });
  hear(of("HTMLFormElement"), ["submit"], (form) => {
    const kind = opens(form, win);
    return kind && (() => signs.effect(kind, form as Node));
  });
  for (const [name, method] of [["PaymentRequest", "show"], ["CredentialsContainer", "get"], ["CredentialsContainer", "create"]] as const) {
    hear(of(name), [method], () => whenActive(win, () => signs.effect("dialog")));
  }
  hear(of("Clipboard"), ["writeText", "write"], () => (promise) => {
    return (promise as Promise<void>).then((nothing) => {
      signs.effect("copy");
      return nothing;
    });
  });
  hear(of("Navigator"), ["share"], () => whenActive(win, () => signs.effect("share")));
  hear(of("HTMLMediaElement"), ["play"], (self) => {
    // What stands on the page is heard by rrweb.
    const { isConnected } = self as Node;
    if (!isConnected) (self as Node).addEventListener("playing", () => signs.effect("sound"), { once: true });
  });
  for (const name of ["AudioScheduledSourceNode", "AudioBufferSourceNode"]) {
    hear(of(name), ["start"], (self) => () => {
      if ((self as AudioNode).context instanceof win.AudioContext) signs.effect("sound");
    });
  }
  hear(of("SpeechSynthesis"), ["speak"], () => () => signs.effect("sound"));
  return () => ends.forEach((end) => end());
}

function picker(field: unknown): Effect {
  return (field as HTMLInputElement).type === "file" ? "file" : "dialog";
}

/** A call that a browser grants to somebody who has just clicked alone. */
function whenActive(win: Win, tell: () => void): ((result: unknown) => void) | undefined {
  return isActive(win) ? tell : undefined;
}
