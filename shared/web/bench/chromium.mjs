// A Chromium, driven over WebDriver.

import { spawn } from "node:child_process";
import { once } from "node:events";

export async function open() {
  const driver = spawn("chromedriver", ["--port=0"], { stdio: ["ignore", "pipe", "ignore"] });
  const [, port] = await listening(driver.stdout);
  const call = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${path}: ${value.message}`);
    return value;
  };
  const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,900"];
  const alwaysMatch = { browserName: "chrome", "goog:chromeOptions": { args }, timeouts: { script: 120_000 } };
  const { sessionId } = await call("POST", "/session", { capabilities: { alwaysMatch } });
  const session = `/session/${sessionId}`;
  return {
    goTo: (url) => call("POST", `${session}/url`, { url }),
    /** What a JavaScript expression promises. */
    run: (expression) => {
      const script = `const done = arguments[0]; Promise.resolve(${expression}).then(done);`;
      return call("POST", `${session}/execute/async`, { script, args: [] });
    },
    /** A command of the Chrome DevTools Protocol. */
    command: (cmd, params = {}) => call("POST", `${session}/goog/cdp/execute`, { cmd, params }),
    close: async () => {
      await call("DELETE", session);
      driver.kill();
      await once(driver, "exit");
    },
  };
}

async function listening(output) {
  for await (const text of output) {
    const found = /on port (\d+)\./.exec(text);
    if (found) return found;
  }
  throw new Error("chromedriver does not start: make browser installs it");
}
