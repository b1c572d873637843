// Records the page the way a small SDK would: rrweb with the console and network plugins, plus two custom
// events that rrweb has no event for (what browser this is, and single-page-app route changes).

import { record } from '/vendor/record.js';
import { getRecordConsolePlugin } from '/vendor/console.js';
import { getRecordNetworkPlugin } from '/vendor/network.js';

record({
  emit: (event) => window.emitReplayEvent?.(JSON.stringify(event)), // the binding exists only while recording
  maskAllInputs: true,
  userTriggeredOnInput: true,
  plugins: [
    getRecordConsolePlugin(),
    getRecordNetworkPlugin({ recordHeaders: true }),
  ],
});

record.addCustomEvent('sdk:context', {
  ua: navigator.userAgent,
  lang: navigator.language,
  tz: Intl.DateTimeFormat().resolvedOptions().timeZone,
  screen: { w: screen.width, h: screen.height, dpr: devicePixelRatio },
  title: document.title,
  referrer: document.referrer,
});

// A checkout is a second full snapshot of the same page; real recorders take one every few minutes.
addEventListener('replay:checkout', () => record.takeFullSnapshot(true));

function reportNavigation(how) {
  record.addCustomEvent('sdk:navigation', { href: location.href, how, title: document.title });
}

const pushState = history.pushState;
history.pushState = function (...args) {
  pushState.apply(this, args);
  reportNavigation('pushState');
};
addEventListener('popstate', () => reportNavigation('popstate'));
