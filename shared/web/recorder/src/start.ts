// Puts the parts together, and listens to the page.

import { type Commands, aliases } from "./api";
import { type Sink, capture } from "./capture";
import { now } from "./clock";
import { cookiesOf } from "./cookies";
import { Delivery } from "./delivery/delivery";
import { Outbox } from "./delivery/outbox";
import { Server } from "./delivery/server";
import { Handover } from "./handover";
import { Identity } from "./identity/identity";
import { newId } from "./identity/ids";
import { type Messenger, visitorId, watchVisitorId } from "./identity/intercom";
import { anonymousId, forgetAnonymousId } from "./identity/visitor";
import { leavesFor, watchNavigation } from "./leaving";
import { PageEvents, hidden, left, visible } from "./page";
import { masks } from "./privacy/mask";
import { Recorder } from "./recorder";
import { Session } from "./session";
import { listen } from "./signs/listen";
import { asIfRead, watchReopening } from "./reopened";
import { isPlace } from "./route";
import type { Settings } from "./settings";
import { open } from "./storage";

/**
 * How long a page waits until the one before it has stored what it had: at most, where the storage says that
 * it is shown still; and at least and at most, where it came back and the storage may say nothing yet.
 */
const BEFORE_MS = 600;
const BACK_MS = [500, 2_000] as const;

export async function start(settings: Settings): Promise<Commands & { sessionId(): string | null }> {
  const { writeKey, endpoint, sample } = settings;
  const masked = masks(settings, (selector) => document.querySelector(selector));
  const [tab, browser] = [open("sessionStorage"), open("localStorage")];
  const cookies = cookiesOf(document);
  const random = () => Math.random();
  const key = (name: string) => `recapt.${writeKey}.${name}`;
  const newVisitor = () => ({ anonymous_id: anonymousId(browser, cookies, newId) });

  const world = { storage: tab, handover: new Handover(cookies, key("session")), isTop: window === window.top, now, random, newId };
  await Session.settled(world, key("session"), 0, BEFORE_MS);
  const session = new Session(world, key("session"), sample);
  const server = new Server(endpoint, writeKey, window.fetch.bind(window));
  const outbox = new Outbox(tab, key("chunk."));
  const identity = new Identity(tab, key("identity"), server, session.id, random);
  const page = new PageEvents({ navigator, location, timeZone, isPlace: (fragment) => isPlace(document, fragment) });
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
      forgetAnonymousId(browser, cookies);
      if (!session.isRecorded) return;
      recorder.renew();
      if (session.isRecorded) identity.renew(session.id, newVisitor());
    },
    sessionId: () => (session.isRecorded ? session.id : null),
  };
  if (!session.isRecorded) return commands;

  watchNavigation(now);
  const [seen, leave, comeBack] = [
    () => (isHidden() ? recorder.hide(hidden(now())) : recorder.show(visible(now()))),
    () => recorder.leave(left(now()), leavesFor(now())),
    (event: Event) => {
      if ((event as PageTransitionEvent).persisted) recorder.comeBack(Session.settled(world, key("session"), ...BACK_MS));
    },
  ];
  const listenToPage = () => {
    listen(document, ["visibilitychange"], seen);
    listen(window, ["pagehide"], leave);
    listen(window, ["pageshow"], comeBack);
    listen(window, ["hashchange", "popstate"], () => recorder.look());
    listen(window, ["online"], () => delivery.retryNow());
  };
  listenToPage();
  const begin = (sink: Sink) => capture(masked, now, sink);
  recorder.start(begin);
  watchReopening(document, () => {
    listenToPage();
    asIfRead(document, () => recorder.restart());
  });

  identity.learn(newVisitor());
  const ask = () => visitorId((window as { Intercom?: Messenger }).Intercom, cookies);
  watchVisitorId(ask, (visitor_id) => identity.learn({ visitor_id }));
  return commands;
}

function isHidden(): boolean {
  return document.visibilityState === "hidden";
}

function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
