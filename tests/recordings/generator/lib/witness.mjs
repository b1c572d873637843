// Listens to the browser. What it sees is the independent half of the truth: navigations, console, uncaught
// errors, requests, and what reached the page of the visitor's hands. The rrweb events pass through here too,
// but nothing reads them.

import { listenToChromium } from './chromium.mjs';
import { listenToFirefox } from './firefox.mjs';
import { watchHands } from './hands.mjs';

export async function attachWitness(page, browserName) {
  const seen = {
    events: [], pages: [], browserConsole: [], pageErrors: [], requests: [], abandoned: 0, allFetches: 0,
    clicks: [], dblclicks: [], hands: [],
  };
  const bindings = {
    emitReplayEvent: (event) => seen.events.push(event),
    witnessHand: (report) => {
      const { type, ...facts } = JSON.parse(report);
      ({ click: seen.clicks, dblclick: seen.dblclicks, hand: seen.hands })[type].push(facts);
    },
  };
  const listen = browserName === 'firefox' ? listenToFirefox : listenToChromium;
  await listen(page, seen, bindings, `(${watchHands})()`);
  return seen;
}
