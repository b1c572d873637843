// Turns the visitor's log and the browser's reports into the facts a summarizer should find.

const SLOW_MS = 3000;
const RAGE_MIN_CLICKS = 3;
const NOT_RAGE = new Set(['focus', 'input', 'select-text', 'outside']);
/** Longer without anybody's hands is no active time. */
const ACTIVE_GAP_MS = 10_000;

/** `places` are fragments that lead to a place on the page: no page of their own. */
export function expectedFacts(user, seen, { places = [] }) {
  const clicks = user.actions.filter((a) => a.kind === 'click' || a.kind === 'burst');
  const typed = user.actions.filter((a) => a.kind === 'type' && !a.again);
  const bursts = clicks.filter((a) => a.kind === 'burst' && a.n >= RAGE_MIN_CLICKS && !NOT_RAGE.has(a.effect)).map(burst);
  const presses = clicks.reduce((sum, a) => sum + (a.n ?? 1), 0);
  const madeBy = (...who) => seen.clicks.filter((click) => who.includes(click.by)).length;
  const settled = clicks.filter((a) => !a.debatable && !a.unseen);

  if (madeBy('press', 'key') !== presses) {
    throw new Error(`${presses} presses, but the page saw ${madeBy('press', 'key')} clicks: ${JSON.stringify(seen.clicks)}`);
  }

  return {
    method: 'derived only from what the driver did and what the browser reported, never from the rrweb events',
    recordedClicks: presses,
    clicksOnBlockedElement_notRecorded: 0,
    syntheticLabelClicks: madeBy('label'),
    clicksMadeByEnterInAField: madeBy('form'),
    clicksMadeByScripts: madeBy('script'),
    doubleClicks: seen.dblclicks.length,
    bursts,
    rageClicks_recommended: bursts.filter((b) => !b.respondsEachTime && !b.unseen),
    deadClickTargets: settled.filter((a) => a.dead).map((a) => ({ t: a.t, target: a.target, n: a.n ?? 1 })),
    slowClicks: settled.filter((a) => a.delayMs > SLOW_MS).map((a) => ({ t: a.t, target: a.target, responseMs: a.delayMs })),
    errorClickTargets_jsError: errorClicks(clicks, seen.pageErrors),
    debatableClicks: clicks.filter((a) => a.debatable ?? a.unseen)
      .map((a) => ({ t: a.t, target: a.target, why: a.debatable ?? a.unseen, unseen: Boolean(a.unseen) })),
    typed: typed.map((a) => ({ target: a.target, chars: a.chars, ignoredByRecorder: false })),
    jsErrors: seen.pageErrors,
    consoleErrors: lines(seen.browserConsole, 'error'),
    // The recorder's own plugin warns of what it cannot read.
    consoleWarnings: lines(seen.browserConsole, 'warning').filter((line) => !JSON.stringify(line).includes('[console-record-plugin]')),
    failedRequests: seen.requests,
    allFetches: seen.allFetches,
    abandonedRequests: seen.abandoned,
    pagesIncludingSpaRoutes: visits(seen.pages, places),
    scrolls: user.actions.filter((a) => a.kind === 'scroll').length,
    activeMs: activeMs(seen.hands),
    longIdle: longIdle(user.actions),
    secretsThatMustNotAppearInAnyOutput: user.secrets,
  };
}

function burst({ t, tEnd, target, n, dead, unseen, delayMs = 0 }) {
  return { t, tEnd, target, n, respondsEachTime: !dead && delayMs === 0, dead, unseen: Boolean(unseen) };
}

/** A page that is loaded again is no other page, and neither is a place on it. */
function visits(pages, places) {
  const others = pages.filter(({ href }) => !places.some((place) => href.endsWith(place)));
  return others.filter(({ href }, i) => href !== others[i - 1]?.href);
}

function activeMs(hands) {
  const times = hands.map(({ t }) => t).sort((a, b) => a - b);
  const gaps = times.slice(1).map((t, i) => t - times[i]);
  return gaps.filter((gap) => gap <= ACTIVE_GAP_MS).reduce((sum, gap) => sum + gap, 0);
}

/** Clicks known to raise an error, each confirmed by an error that the browser reported. */
function errorClicks(clicks, pageErrors) {
  return clicks
    .filter((a) => a.effect === 'error' || a.effect === 'rejection')
    .map(({ t, target }) => {
      if (!pageErrors.some((e) => e.t >= t && e.t <= t + 1000)) throw new Error(`${target} raised no error`);
      return { t, target };
    });
}

/** The page's own lines: what the recorder's console plugin complains of is none of them. */
function lines(console, type) {
  const own = console.filter((line) => line.type === type && !line.text.startsWith('[console-record-plugin]'));
  return own.map(({ t, text }) => ({ t, text }));
}

function longIdle(actions) {
  const from = actions.find((a) => a.kind === 'idle-start')?.t;
  const to = actions.find((a) => a.kind === 'idle-end')?.t;
  return from ? { from, to, ms: to - from } : null;
}
