// Records the scenarios: `npm run record` for all of them, `npm run record -- forms live-table` for some.
//
// `--from FOLDER` takes the scenarios and pages of another folder (its `scenarios/` and `site/`), and
// `--to FOLDER` writes elsewhere.

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { launch, newContext } from './lib/browsers.mjs';
import { startServer } from './lib/server.mjs';
import { expectedFacts } from './lib/truth.mjs';
import { User, pause } from './lib/user.mjs';
import { attachWitness } from './lib/witness.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const RECORDER = {
  pkg: '@rrweb/record 2.1.6 + console-record 2.1.1 + network-record 2.1.1',
  cfg: { rrweb: { maskAllInputs: true, userTriggeredOnInput: true }, netHeaders: true },
};
/** So many are recorded at a time. In Firefox only one window has the focus. */
const AT_ONCE = { chromium: 3, firefox: 1 };

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', default: HERE },
    to: { type: 'string', default: join(HERE, '..') },
    browser: { type: 'string' },
    port: { type: 'string', default: '4173' },
  },
});
const port = Number(options.port);
const origin = `http://127.0.0.1:${port}`;

await mkdir(options.to, { recursive: true });
const scenarios = await Promise.all((await readdir(join(options.from, 'scenarios'))).map(load));
const servers = await Promise.all([port, port + 1].map((number) => startServer(number, resolve(options.from, 'site'))));
let failed = 0;
for (const browserName of ['chromium', 'firefox']) {
  if (options.browser && options.browser !== browserName) continue;
  const queue = scenarios.filter(({ name, browsers = ['chromium'] }) => browsers.includes(browserName) && isWanted(name));
  const browser = queue.length ? await launch(browserName) : null;
  if (!browser) continue;
  const workers = Array.from({ length: AT_ONCE[browserName] }, async () => {
    for (let scenario = queue.shift(); scenario; scenario = queue.shift()) {
      await record(browser, browserName, scenario).catch((error) => {
        failed += 1;
        console.log(`${scenario.name} in ${browserName} FAILED: ${error.message}`);
      });
    }
  });
  await Promise.all(workers);
  await browser.close();
}
for (const server of servers) server.close().closeAllConnections();
process.exit(failed ? 1 : 0);

async function load(file) {
  const scenario = await import(pathToFileURL(resolve(options.from, 'scenarios', file)));
  return { ...scenario, name: file.replace('.mjs', '') };
}

function isWanted(name) {
  return !wanted.length || wanted.includes(name);
}

async function record(browser, browserName, scenario) {
  const context = await newContext(browser, scenario);
  const page = await context.newPage();
  const seen = await attachWitness(page, browserName);
  const user = new User(page, origin, scenario);

  const startedAt = Date.now();
  try {
    await scenario.run(user);
    if (scenario.ending === undefined) await user.leave();
    await pause(scenario.ending ?? 1000); // let the last batch of mouse moves out
  } finally {
    await context.close();
  }
  const name = browserName === 'chromium' ? scenario.name : `${scenario.name}.${browserName}`;
  const json = `[${seen.events.join(',\n')}]\n`;
  const truth = {
    session: name,
    about: scenario.about,
    site: origin,
    recorder: RECORDER,
    browser: `${browserName} ${browser.version()}`,
    actions: user.actions,
    notes: scenario.notes ?? [],
    startedAt,
    endedAt: Date.now(),
    recorded: { events: seen.events.length, bytes: json.length },
    expected: expectedFacts(user, seen, scenario),
  };
  await writeFile(join(options.to, `${name}.json`), json);
  await writeFile(join(options.to, `${name}.truth.json`), `${JSON.stringify(truth, null, 1)}\n`);
  console.log(`${name}: ${seen.events.length} events, ${Math.round(json.length / 1000)} kB, ${Math.round((truth.endedAt - startedAt) / 1000)} s`);
}
