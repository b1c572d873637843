#!/usr/bin/env bash
# What rrweb's network plugin tells of a fetch whose answer is streamed, when headers are recorded:
#
#   its method, address and headers, once the stream has begun; no status, no initiator, no times.
#
# A missing status is what the same plugin writes of a request that was refused, and without times nobody can
# say which click began it. Whoever counts "no status" as failed counts every streamed answer of a chat as
# failed. Only `responseHeaders` tells that it was answered. An answer that is read at once has all of them.
# Seen with @rrweb/rrweb-plugin-network-record 2.1.1 and @rrweb/record 2.1.6 in Chromium 156.
#
# Needs Chromium, node and registry.npmjs.org. Prints what it saw; ends with 1 when that is no longer so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund puppeteer-core@24.43.1 esbuild@0.25.12 \
    @rrweb/record@2.1.6 @rrweb/rrweb-plugin-network-record@2.1.1 > /dev/null
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}

cat > recorder.js <<'JS'
import { record } from "@rrweb/record";
import { getRecordNetworkPlugin } from "@rrweb/rrweb-plugin-network-record";
window.told = [];
const plugin = getRecordNetworkPlugin({ recordHeaders: true });
record({ emit: (event) => event.type === 6 && window.told.push(...event.data.payload.requests), plugins: [plugin] });
JS
npx esbuild recorder.js --bundle --outfile=bundle.js --log-level=error

cat > look.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import puppeteer from "puppeteer-core";

const server = createServer(async (request, response) => {
  if (request.url === "/bundle.js") return response.end(readFileSync("bundle.js"));
  if (request.url === "/at-once") return response.end("answer");
  if (request.url !== "/streamed") return response.setHeader("content-type", "text/html").end("<script src=/bundle.js></script>");
  for (let word = 0; word < 20; word += 1) {
    response.write("word ");
    await new Promise((done) => setTimeout(done, 150));
  }
  response.end();
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const browser = await puppeteer.launch({ executablePath: process.argv[2], args: ["--no-sandbox"] });
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
const told = await page.evaluate(async () => {
  for (const address of ["/at-once", "/streamed"]) await (await fetch(address)).text();
  await new Promise((done) => setTimeout(done, 1_000));
  return window.told;
});
await browser.close();
server.close();
const of = (name) => told.filter((request) => request.name.endsWith(name));
for (const name of ["/at-once", "/streamed"]) console.log(`${name}: ${of(name).map((it) => Object.keys(it).join(" ")).join(" | ")}`);
const [atOnce, streamed] = [of("/at-once")[0], of("/streamed")[0]];
const isAsSaid = atOnce?.status === 200 && streamed && !("status" in streamed) && !("startTime" in streamed) && "responseHeaders" in streamed;
process.exit(isAsSaid ? 0 : 1);
JS

node look.mjs "$chromium"
