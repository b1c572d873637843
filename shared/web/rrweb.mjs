// What of rrweb is bundled otherwise than it was published, as a plugin of esbuild.

import { readFile } from "node:fs/promises";

const CHANGES = [
  // rrweb compares a style with the one before by writing that into an element of a document of its own.
  // As an attribute it is an inline style, which a strict Content-Security-Policy of the site refuses
  // and reports; by the CSS object model it is none.
  ['old.setAttribute("style", m.oldValue);', "old.style.cssText = m.oldValue;"],
  // What is drawn on canvases is not recorded. Without these calls the bundler leaves out what would
  // record it, with the text of a worker: two of forty kilobytes.
  [/    if \(recordCanvas && sampling === "all"\)\n[^}]*\{\n[^}]*\}\);\n/g, ""],
  [/  initCanvasFPSObserver\(fps[^]*?(?=  startPendingCanvasMutationFlusher\(\) \{)/g, ""],
];

export const rrweb = {
  name: "rrweb",
  setup(build) {
    build.onLoad({ filter: /@rrweb[/\\]record[/\\]dist[/\\]record\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [published, bundled] of CHANGES) {
        const parts = contents.split(published);
        // A version that does it otherwise has to be looked at.
        if (parts.length !== 2) return { errors: [{ text: `\`${published}\` stands ${parts.length - 1} times in ${path}` }] };
        contents = parts.join(bundled);
      }
      return { contents, loader: "js" };
    });
  },
};
