import assert from "node:assert/strict";
import { test } from "node:test";
import type { eventWithTime } from "@rrweb/types";
import type { PictureSize } from "../src/pictures";
import { type Page, clean } from "../src/privacy/event";

type Fields = Record<string, any>;

/** What is left of an element, in a snapshot of its page and when it is added. */
function recorded(tagName: string, attributes: Fields, size?: PictureSize): Fields[] {
  const none: Page = { element: () => undefined, isMasked: () => false, pictureSize: () => size, isPopoverOpen: () => true };
  const node = () => ({ type: 2, id: 7, tagName, attributes: { ...attributes }, childNodes: [] });
  const [first, later] = [node(), node()];
  clean({ type: 2, timestamp: 0, data: { node: { type: 0, id: 1, childNodes: [first] } } } as unknown as eventWithTime, none);
  clean(mutation({ adds: [{ node: later }] }), none);
  return [first.attributes, later.attributes];
}

/** What is left of a change to an element that the page has. */
function changed(tagName: string, own: Record<string, string>, attributes: Fields): Fields {
  const element = { tagName: tagName.toUpperCase(), getAttribute: (name: string) => own[name] ?? null };
  const event = mutation({ attributes: [{ id: 7, attributes }] });
  clean(event, { element: () => element, isMasked: () => false, pictureSize: () => undefined, isPopoverOpen: () => false });
  return attributes;
}

function mutation(data: Fields): eventWithTime {
  return { type: 3, timestamp: 0, data: { source: 0, adds: [], attributes: [], texts: [], removes: [], ...data } } as unknown as eventWithTime;
}

test("no element keeps a referrer's policy, and no meta anything but how the page is drawn", () => {
  const viewport = { name: "viewport", content: "width=device-width" };
  for (const [tagName, given, kept] of [
    ["img", { src: "https://a.example/b.png", referrerpolicy: "unsafe-url" }, { src: "https://a.example/b.png" }],
    ["image", { referrerPolicy: "unsafe-url" }, {}],
    ["meta", { name: "referrer", content: "unsafe-url" }, {}],
    ["meta", { "http-equiv": "refresh", content: "0;url=/a" }, {}],
    ["meta", { charset: "utf-8" }, {}],
    ["meta", { ...viewport, "http-equiv": "refresh", media: "print" }, viewport],
    ["meta", { name: "Color-Scheme", content: "dark" }, { name: "Color-Scheme", content: "dark" }],
    ["meta", { name: "theme-color", content: "red" }, { name: "theme-color", content: "red" }],
  ] as const) {
    assert.deepEqual(recorded(tagName, given), [kept, kept], JSON.stringify(given));
  }
});

test("neither comes back by a change", () => {
  assert.deepEqual(changed("img", {}, { referrerpolicy: "unsafe-url", alt: "a" }), { alt: "a" });
  assert.deepEqual(changed("meta", { name: "referrer" }, { name: "referrer", content: "unsafe-url" }), {});
  assert.deepEqual(changed("meta", { name: "viewport" }, { content: "width=1", "http-equiv": "refresh" }), { content: "width=1" });
});

test("a picture says how large it is, for who must not load it", () => {
  const size = { width: 640, height: 480 };
  for (const [tagName, given, kept] of [
    ["img", { src: "/a.png" }, { src: "/a.png", "data-recapt-size": "640x480" }],
    ["img", { rr_width: "30px", rr_height: "20px" }, { rr_width: "30px", rr_height: "20px" }],
    ["p", {}, {}],
  ] as const) {
    assert.deepEqual(recorded(tagName, given, size), [kept, kept], tagName);
  }
  assert.deepEqual(recorded("img", { src: "/a.png" }), [{ src: "/a.png" }, { src: "/a.png" }], "not loaded yet");
});

test("of a popover it is recorded whether it is open", () => {
  const open = { popover: "", "data-recapt-popover": "open" };
  assert.deepEqual(recorded("div", { popover: "" }), [open, open]);
  assert.deepEqual(recorded("div", { class: "menu" }), [{ class: "menu" }, { class: "menu" }]);
});
