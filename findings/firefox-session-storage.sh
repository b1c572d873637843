#!/usr/bin/env bash
# What a page sees of its tab's sessionStorage in Firefox when it comes back from the back/forward cache:
#
#   what stood there when it was left. What other pages of the same site and tab have written since is not
#   there, also not later; and a page that follows sees what one of them has written, without the other's.
#
# HTML says that a tab's documents of one origin share one area. Chromium shows the right one, some
# milliseconds late. Whoever counts something in sessionStorage from page to page gives a number out twice
# after somebody has gone back, and loses what was to be fetched from there. Seen in Firefox 153 ESR.
#
# Needs Firefox, node and registry.npmjs.org. Prints what it saw; ends with 1 when that is no longer so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund puppeteer-core@24.43.1 > /dev/null
firefox=$(command -v firefox-esr || command -v firefox)

cat > look.mjs <<'JS'
import { createServer } from "node:http";
import puppeteer from "puppeteer-core";

const html = `<!doctype html><script>
  addEventListener("pageshow", (event) => { window.seen = { cached: event.persisted, by: sessionStorage.getItem("by") }; });
  addEventListener("pagehide", () => sessionStorage.setItem("by", (sessionStorage.getItem("by") ?? "") + location.pathname));
</script>`;
const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(html));
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const url = `http://127.0.0.1:${server.address().port}`;

const browser = await puppeteer.launch({ browser: "firefox", executablePath: process.argv[2], headless: true });
const page = await browser.newPage();
const pause = () => new Promise((done) => setTimeout(done, 2_000));
const go = async (step) => {
  await page.evaluate((step) => void setTimeout(step, 10), step);
  await pause();
  const [path, seen, now] = await page.evaluate(() => [location.pathname, window.seen, sessionStorage.getItem("by")]);
  console.log(`${path}: ${JSON.stringify(seen)}, two seconds later ${now}`);
  return { ...seen, now };
};
await page.goto(`${url}/a`);
await pause();
await go("location.href = '/b'");
const back = await go("history.back()");
const next = await go("location.href = '/c'");
await browser.close();
server.close();
server.closeAllConnections();
// Everybody was there: right were "/a/b", and then "/a/b/a".
const isAsSaid = back.cached && back.now === "/a" && next.by !== "/a/b/a";
process.exit(isAsSaid ? 0 : 1);
JS

node look.mjs "$firefox"
