// node send.mjs CLIENT HOST KEY COUNT: identifies somebody and tracks COUNT events with a client of npm's,
// and ends with 0 once the client says that all is sent.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [client, host, key, count] = process.argv.slice(2);
const person = { userId: "u-1" };

function call(analytics) {
  analytics.identify({ ...person, traits: { email: "ada@shop.example" } });
  for (let number = 1; number <= Number(count); number += 1) {
    analytics.track({ ...person, event: "Ordered", properties: { number } });
  }
}

const clients = {
  async "@segment/analytics-node"() {
    const { Analytics } = require("@segment/analytics-node");
    const analytics = new Analytics({ writeKey: key, host });
    const errors = [];
    analytics.on("error", (error) => errors.push(error));
    call(analytics);
    await analytics.closeAndFlush({ timeout: 60_000 });
    if (errors.length > 0) throw errors[0].reason ?? new Error(errors[0].code);
  },
  async "@rudderstack/rudder-sdk-node"() {
    const required = require("@rudderstack/rudder-sdk-node");
    const Analytics = required.default ?? required;
    const analytics = new Analytics(key, { dataPlaneUrl: host, gzip: true, logLevel: "error" });
    call(analytics);
    await new Promise((resolve, reject) => {
      analytics.flush((error) => (error ? reject(error) : resolve()));
    });
  },
};

try {
  await clients[client]();
  // What a client has begun by itself goes on until it is done.
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
