// Turns the visitor's log and the browser's reports into the facts a summarizer should find.

const SLOW_MS = 3000;
const RAGE_MIN_CLICKS = 3;
const NOT_RAGE = new Set(['focus', 'input', 'select-text']);

export function expectedFacts(user, seen) {
  const clicks = user.actions.filter((a) => a.kind === 'click' || a.kind === 'burst');
  const typed = user.actions.filter((a) => a.kind === 'type');
  const bursts = clicks.filter((a) => a.kind === 'burst' && a.n >= RAGE_MIN_CLICKS && !NOT_RAGE.has(a.effect)).map(burst);
  const presses = clicks.reduce((sum, a) => sum + (a.n ?? 1), 0);
  const labelClicks = seen.clicks.filter((click) => click.synthetic);
  const settled = clicks.filter((a) => !a.debatable);

  if (seen.clicks.length !== presses + labelClicks.length) {
    throw new Error(`${presses} presses, but the page saw ${seen.clicks.length} clicks (${labelClicks.length} made by labels)`);
  }

  return {
    method: 'derived only from what the driver did and what the browser (CDP) reported, never from the rrweb events',
    recordedClicks: presses,
    clicksOnBlockedElement_notRecorded: 0,
    syntheticLabelClicks: labelClicks.length,
    doubleClicks: seen.dblclicks.length,
    bursts,
    rageClicks_recommended: bursts.filter((b) => !b.respondsEachTime),
    deadClickTargets: settled.filter((a) => a.dead).map((a) => ({ t: a.t, target: a.target, n: a.n ?? 1 })),
    slowClicks: settled.filter((a) => a.delayMs > SLOW_MS).map((a) => ({ t: a.t, target: a.target, responseMs: a.delayMs })),
    errorClickTargets_jsError: errorClicks(clicks, seen.pageErrors),
    debatableClicks: clicks.filter((a) => a.debatable).map((a) => ({ t: a.t, target: a.target, why: a.debatable })),
    typed: typed.map((a) => ({ target: a.target, chars: a.chars, ignoredByRecorder: false })),
    jsErrors: seen.pageErrors,
    consoleErrors: lines(seen.browserConsole, 'error'),
    consoleWarnings: lines(seen.browserConsole, 'warning'),
    failedRequests: seen.requests,
    allFetches: seen.allFetches,
    pagesIncludingSpaRoutes: seen.pages,
    longIdle: longIdle(user.actions),
    secretsThatMustNotAppearInAnyOutput: user.secrets,
  };
}

function burst({ t, tEnd, target, n, dead, delayMs = 0 }) {
  return { t, tEnd, target, n, respondsEachTime: !dead && delayMs === 0, dead };
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

function lines(console, type) {
  return console.filter((line) => line.type === type).map(({ t, text }) => ({ t, text }));
}

function longIdle(actions) {
  const from = actions.find((a) => a.kind === 'idle-start')?.t;
  const to = actions.find((a) => a.kind === 'idle-end')?.t;
  return from ? { from, to, ms: to - from } : null;
}
