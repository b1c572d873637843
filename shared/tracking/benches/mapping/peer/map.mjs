// Segment's "Intercom Cloud Mode (Actions)", as a subscription has it by default: from the text of a batch to
// the bodies of its calls. Its answers come at once, so that nothing but its own work is measured.
//
// usage: map.mjs FILE SECONDS; prints {"microseconds": CPU time of an event, "calls": [bodies]}

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const { Headers, Request, Response } = require("cross-fetch");

let calls = [];
// What the library calls instead of the network; it takes the function when it is loaded.
const answer = async (request) => {
  calls.push(await request.text());
  return new Response("", { status: 202 });
};
require.cache[require.resolve("cross-fetch")].exports = Object.assign(answer, { Headers, Request, Response });

const { Destination } = require("@segment/actions-core");
const { default: intercom } = require("@segment/action-destinations/dist/destinations/intercom");

const fields = Object.entries(intercom.actions.trackEvent.fields);
const defaults = fields.filter(([, field]) => field.default !== undefined);
const mapping = Object.fromEntries(defaults.map(([name, field]) => [name, field.default]));
const subscription = { name: "track", partnerAction: "trackEvent", subscribe: 'type = "track"', mapping, enabled: true };
const settings = { subscriptions: [subscription], oauth: { access_token: "token" } };
const destination = new Destination(intercom);

const bytes = readFileSync(process.argv[2]);
const until = performance.now() + 1000 * Number(process.argv[3]);
let best = Infinity;
do {
  calls = [];
  const start = process.cpuUsage();
  const { batch } = JSON.parse(bytes.toString("utf8"));
  for (const event of batch) {
    await destination.onEvent(event, settings, {});
  }
  const { user, system } = process.cpuUsage(start);
  best = Math.min(best, (user + system) / batch.length);
} while (performance.now() < until);

console.log(JSON.stringify({ microseconds: best, calls }));
