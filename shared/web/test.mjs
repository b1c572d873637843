// Runs the tests of recorder, companion and player in Node, bundled as the code itself is.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const folders = ["companion/test", "recorder/test", "player/test"].filter((folder) => existsSync(folder));
const tests = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join(folder, file)),
);

const bundled = mkdtempSync(join(tmpdir(), "web-test-"));
const { metafile } = await build({
  entryPoints: tests,
  outdir: bundled,
  outbase: ".",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  format: "esm",
  platform: "node",
  sourcemap: "inline",
  metafile: true,
});
const files = Object.keys(metafile.outputs);
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
rmSync(bundled, { recursive: true });
process.exit(status ?? 1);
