// What of rrweb is bundled otherwise than it was published, as a plugin of esbuild.
//
// rrweb compares a style with the one before by writing that into an element of a document of its own. As
// an attribute it is an inline style, which a strict Content-Security-Policy of the site refuses and
// reports; by the CSS object model it is none.

import { readFile } from "node:fs/promises";

const PUBLISHED = 'old.setAttribute("style", m.oldValue);';
const BUNDLED = "old.style.cssText = m.oldValue;";

export const rrweb = {
  name: "rrweb",
  setup(build) {
    build.onLoad({ filter: /@rrweb[/\\]record[/\\]dist[/\\]record\.js$/ }, async ({ path }) => {
      const parts = (await readFile(path, "utf8")).split(PUBLISHED);
      // A version that does it otherwise has to be looked at.
      if (parts.length !== 2) return { errors: [{ text: `\`${PUBLISHED}\` stands ${parts.length - 1} times in ${path}` }] };
      return { contents: parts.join(BUNDLED), loader: "js" };
    });
  },
};
