// Puts the parts together, and listens to the page.

import { type Commands, aliases } from "./api";
import { capture } from "./capture";
import { Delivery } from "./delivery/delivery";
import { Outbox } from "./delivery/outbox";
import { Server } from "./delivery/server";
import { Identity } from "./identity/identity";
import { type Messenger, visitorId, watchVisitorId } from "./identity/intercom";
import { anonymousId, forgetAnonymousId } from "./identity/visitor";
import { leavesForThisSite, watchNavigation } from "./leaving";
import { PageEvents, hidden } from "./page";
import { masks } from "./privacy/mask";
import { Recorder } from "./recorder";
import { Session } from "./session";
import type { Settings } from "./settings";
import { open } from "./storage";

/** What only a visitor does, and a page cannot do by itself. */
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchmove"];

export function start(settings: Settings): Commands & { sessionId(): string | null } {
  const { writeKey, endpoint, sample } = settings;
  const masked = masks(settings, (selector) => document.querySelector(selector));
  const [tab, browser] = [open("sessionStorage"), open("localStorage")];
  const [now, random] = [() => Date.now(), () => Math.random()];
  const key = (name: string) => `recapt.${writeKey}.${name}`;
  const newVisitor = () => ({ anonymous_id: anonymousId(browser, document, newId) });

  const session = new Session({ storage: tab, now, random, newId }, key("session"), sample);
  const server = new Server(endpoint, writeKey, window.fetch.bind(window));
  const outbox = new Outbox(tab, key("chunk."));
  const identity = new Identity(tab, key("identity"), server, session.id, random);
  const page = new PageEvents({ navigator, location, timeZone });
  const listener = {
    sessionLost: (id: string) => id === session.id && recorder.renew(),
    refused: () => recorder.stop(),
    leftOut: (id: string, isSnapshot: boolean) => id === session.id && recorder.leaveOut(isSnapshot),
  };
  const delivery = new Delivery(outbox, server, listener, random);
  const surroundings = { now, isHidden, before: page.before.bind(page) };
  const recorder = new Recorder(session, outbox, delivery, surroundings, () => {
    page.tellAnew();
    if (session.isRecorded) identity.renew(session.id);
  });

  void delivery.send();
  const commands = {
    identify(person: object) {
      if (!session.isRecorded) return;
      const told = aliases(person);
      if (identity.contradicts(told)) commands.reset();
      identity.learn(told);
    },
    stop: () => recorder.stop(),
    reset() {
      forgetAnonymousId(browser, document);
      if (!session.isRecorded) return;
      recorder.renew();
      if (session.isRecorded) identity.renew(session.id, newVisitor());
    },
    sessionId: () => (session.isRecorded ? session.id : null),
  };
  if (!session.isRecorded) return commands;

  const listen = (target: EventTarget, names: string[], action: (event: Event) => void) => {
    for (const name of names) target.addEventListener(name, action, { capture: true, passive: true });
  };
  watchNavigation(now);
  listen(window, SIGNS, () => recorder.attend());
  listen(window, ["online"], () => delivery.retryNow());
  listen(document, ["visibilitychange"], () => isHidden() && recorder.hide(hidden(now())));
  listen(window, ["pagehide"], () => recorder.leave(hidden(now()), leavesForThisSite(now())));
  listen(window, ["pageshow"], (event) => (event as PageTransitionEvent).persisted && recorder.comeBack());
  recorder.start((emit) => capture(masked, emit));

  identity.learn(newVisitor());
  const ask = () => visitorId((window as { Intercom?: Messenger }).Intercom, document);
  watchVisitorId(ask, (visitor_id) => identity.learn({ visitor_id }));
  return commands;
}

function isHidden(): boolean {
  return document.visibilityState === "hidden";
}

function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** 128 bits of chance, hexadecimal; `crypto.randomUUID` is for secure contexts alone. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
