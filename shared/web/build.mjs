// Bundles what browsers load into the folder that is given: each file plain, as gzip and as brotli, with what
// is to be known of it beside it. Run by build.rs; the same sources give the same bytes.

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { rrweb } from "./rrweb.mjs";

const folder = process.argv[2] ?? "dist";

const common = { bundle: true, minify: true, target: "es2020", charset: "utf8", legalComments: "none", write: false, plugins: [rrweb] };

// The recorder comes after the companion, which it loads by the name of its content.
const assets = [
  { file: "companion.js", entry: "companion/src/main.ts", format: "esm" },
  { file: "recorder.js", entry: "recorder/src/main.ts", format: "iife" },
  { file: "player.js", entry: "player/src/main.ts", format: "iife" },
  { file: "player.css", entry: "player/src/player.css" },
];

const names = {};
for (const { file, entry, format } of assets) {
  const define = { COMPANION: JSON.stringify(names["companion.js"] ?? "") };
  const { outputFiles } = await build({ ...common, format, define, entryPoints: [entry] });
  const bytes = outputFiles[0].contents;
  const [name, extension] = file.split(".");
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const digest = createHash("sha384").update(bytes).digest("base64");
  names[file] = `${name}.${hash}.${extension}`;
  const brotli = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  const written = {
    "": bytes,
    ".gz": gzipSync(bytes, { level: 9 }),
    ".br": brotliCompressSync(bytes, brotli),
    ".name": names[file],
    ".integrity": `sha384-${digest}`,
  };
  for (const [suffix, content] of Object.entries(written)) {
    writeFileSync(join(folder, file + suffix), content);
  }
}
