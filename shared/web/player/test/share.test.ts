import assert from "node:assert/strict";
import { test } from "node:test";
import { linkTo } from "../src/share";
import type { Source } from "../src/source";

test("a link to a moment opens the recording for others as it does for whoever copies it", async () => {
  Object.assign(globalThis, { location: new URL("https://recapt.example/sessions/s?t=1") });
  const asked: Readonly<Record<string, string>>[] = [];
  const made = { url: "https://recapt.example/sessions/s?t=65&share=new", expires: new Date(0) };
  const source = {
    share: async (form: Readonly<Record<string, string>>) => {
      asked.push(form);
      return made;
    },
  } as unknown as Source;
  for (const [own, csrf, expected] of [
    ["/sessions/s", "token", "https://recapt.example/sessions/s?t=65"],
    ["/sessions/s?share=x.y", undefined, "https://recapt.example/sessions/s?share=x.y&t=65"],
    ["", "token", made.url],
    ["", undefined, "https://recapt.example/sessions/s?t=65"],
  ] as const) {
    assert.equal((await linkTo(source, own, csrf, 65.9)).url, expected, `${own} ${csrf}`);
  }
  // Nobody's name goes along with a link that is made on the way.
  assert.deepEqual(asked, [{ csrf: "token", t: "65" }]);
});
