// What the recorder costs a page: the same busy page with it and without it, in turn, in one Chromium.

import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { build } from "esbuild";
import { rrweb } from "../rrweb.mjs";
import { open } from "./chromium.mjs";

const ROUNDS = 3;
/** Some seconds, so that the first chunk is cut, compressed and sent meanwhile. */
const FRAMES = 200;

const TAG = '<script async src="/recorder.js" data-write-key="bench"></script>';
const page = readFileSync(new URL("page.html", import.meta.url), "utf8");
const { outputFiles } = await build({
  entryPoints: ["recorder/src/main.ts"], bundle: true, minify: true, target: "es2020", write: false, format: "iife",
  plugins: [rrweb], define: { COMPANION: '""' },
});

let sent = 0;
const server = createServer((request, response) => {
  const isPost = request.method === "POST";
  if (isPost) sent += Number(request.headers["content-length"] ?? 0);
  request.resume().on("end", () => {
    response.statusCode = isPost ? 202 : 200;
    if (request.url === "/recorder.js") response.end(outputFiles[0].text);
    else response.end(isPost ? "" : page.replace("<!-- the recorder's tag -->", request.url === "/with" ? TAG : ""));
  });
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const url = `http://127.0.0.1:${server.address().port}`;

const browser = await open();
await browser.command("Performance.enable");
const measured = { without: [], with: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  for (const kind of ["without", "with"]) measured[kind].push(await measure(kind));
}
await browser.close();
server.close();

const rows = [
  row("recorder: time between two frames, 95 %", "ms", ({ intervals }) => percentile(intervals, 0.95)),
  row("recorder: main thread busy, per frame", "ms", ({ busy }) => busy / FRAMES),
  row("recorder: long tasks, per run", "ms", ({ longTasks }) => longTasks.reduce((sum, task) => sum + task, 0)),
];
for (const { name, value, unit, baseline, ratio } of rows) {
  console.log(`${name.padEnd(44)} ${value.toFixed(2).padStart(8)} ${unit.padEnd(9)} ${ratio.toFixed(2).padStart(6)} x ${baseline}`);
}
console.log(`${Math.round(sent / ROUNDS / 1_000)} kB sent per run`);
publish(rows);

async function measure(kind) {
  await browser.goTo(`${url}/${kind}`);
  if (kind === "with") {
    await browser.run("new Promise((done) => { const look = () => window.recapt?.sessionId() ? done() : setTimeout(look, 20); look(); })");
  }
  // What loading took is not what is measured.
  await browser.run("new Promise((done) => setTimeout(done, 500))");
  const before = await busySeconds();
  const { intervals, longTasks } = await browser.run(`work(${FRAMES})`);
  return { intervals, longTasks, busy: ((await busySeconds()) - before) * 1_000 };
}

async function busySeconds() {
  const { metrics } = await browser.command("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value;
}

function row(name, unit, of) {
  const [value, baseline] = ["with", "without"].map((kind) => percentile(measured[kind].map(of), 0.5));
  // Without any at all in either there is nothing to compare.
  const ratio = baseline > 0 ? value / baseline : value > 0 ? Infinity : 1;
  return { name, value, unit, baseline: `the page without it (${baseline.toFixed(2)} ${unit})`, ratio };
}

function percentile(values, share) {
  return [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))];
}

/** Puts the rows in the place of those of the same name in the file that all benchmarks share. */
function publish(rows) {
  const path = process.env.BENCH_JSON;
  if (!path) return;
  let all = [];
  try {
    all = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    // The first one.
  }
  const kept = all.filter(({ name }) => rows.every((row) => row.name !== name));
  writeFileSync(path, JSON.stringify([...kept, ...rows], null, 2));
}
