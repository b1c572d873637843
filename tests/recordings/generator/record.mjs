// Records the scenarios: `npm run record` for all of them, `npm run record -- forms live-table` for some.

import { readdir, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { startServer } from './lib/server.mjs';
import { expectedFacts } from './lib/truth.mjs';
import { User, pause } from './lib/user.mjs';
import { attachWitness } from './lib/witness.mjs';

const PORT = 4173;
const ORIGIN = `http://127.0.0.1:${PORT}`;
const VIEWPORT = { width: 1280, height: 800 };
const OUTPUT = new URL('..', import.meta.url);
const RECORDER = {
  pkg: '@rrweb/record 2.1.6 + console-record 2.1.1 + network-record 2.1.1',
  cfg: { rrweb: { maskAllInputs: true, userTriggeredOnInput: true }, netHeaders: true },
};
const BROWSER_ARGS = [
  '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const wanted = process.argv.slice(2);
const scenarioFiles = await readdir(new URL('scenarios/', import.meta.url));
const names = scenarioFiles.map((file) => file.replace('.mjs', '')).filter((name) => !wanted.length || wanted.includes(name));

const server = await startServer(PORT);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: BROWSER_ARGS,
});
try {
  for (const name of names) await record(name);
} finally {
  await browser.close();
  server.close();
}

async function record(name) {
  const scenario = await import(`./scenarios/${name}.mjs`);
  const context = await browser.newContext({ viewport: VIEWPORT, locale: 'en-US', timezoneId: 'UTC' });
  const page = await context.newPage();
  const seen = await attachWitness(page);
  const user = new User(page, ORIGIN);

  const startedAt = Date.now();
  await scenario.run(user);
  await pause(1000); // let the last batch of mouse moves out
  const endedAt = Date.now();
  await context.close();

  const json = `[${seen.events.join(',\n')}]\n`;
  const truth = {
    session: name,
    about: scenario.about,
    site: ORIGIN,
    recorder: RECORDER,
    browser: browser.version(),
    viewport: VIEWPORT,
    actions: user.actions,
    pages: seen.pages,
    notes: scenario.notes ?? [],
    startedAt,
    browserConsole: seen.browserConsole,
    pageErrors: seen.pageErrors,
    requests: seen.requests,
    endedAt,
    recorded: { events: seen.events.length, bytes: json.length },
    expected: expectedFacts(user, seen),
  };
  await writeFile(new URL(`${name}.json`, OUTPUT), json);
  await writeFile(new URL(`${name}.truth.json`, OUTPUT), `${JSON.stringify(truth, null, 1)}\n`);
  console.log(`${name}: ${seen.events.length} events, ${Math.round(json.length / 1000)} kB, ${Math.round((endedAt - startedAt) / 1000)} s`);
}
