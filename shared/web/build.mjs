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

const assets = [
  { file: "recorder.js", entry: "recorder/src/main.ts", format: "iife" },
  { file: "player.js", entry: "player/src/main.ts", format: "iife" },
  { file: "player.css", entry: "player/src/player.css" },
];

for (const { file, entry, format } of assets) {
  const { outputFiles } = await build({ ...common, format, entryPoints: [entry] });
  const bytes = outputFiles[0].contents;
  const [name, extension] = file.split(".");
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const digest = createHash("sha384").update(bytes).digest("base64");
  const brotli = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  const written = {
    "": bytes,
    ".gz": gzipSync(bytes, { level: 9 }),
    ".br": brotliCompressSync(bytes, brotli),
    ".name": `${name}.${hash}.${extension}`,
    ".integrity": `sha384-${digest}`,
  };
  for (const [suffix, content] of Object.entries(written)) {
    writeFileSync(join(folder, file + suffix), content);
  }
}
