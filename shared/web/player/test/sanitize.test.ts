import assert from "node:assert/strict";
import { test } from "node:test";
import { Sanitizer } from "../src/sanitize";
import { Sources, placeholder } from "../src/sources";

const EVERYWHERE = new Sources("https:");

type Node = Record<string, any>;

let ids = 1;
const element = (tagName: string, attributes: Node = {}, childNodes: Node[] = []): Node => ({
  type: 2,
  id: ids++,
  tagName,
  attributes,
  childNodes,
});
const page = (...childNodes: Node[]): Node => ({ type: 0, id: ids++, childNodes });

function clean(node: Node): Node {
  const root = page(node);
  assert.equal(new Sanitizer(EVERYWHERE).page(root), true);
  return root.childNodes[0];
}

test("what runs, loads a document or leads elsewhere is gone", () => {
  const cases: [string, Node, string, Node][] = [
    ["script", { src: "https://evil.example/x.js" }, "noscript", {}],
    ["SCRIPT", { src: "https://evil.example/x.js" }, "noscript", {}],
    ["base", { href: "https://evil.example/" }, "noscript", {}],
    ["object", { data: "https://evil.example/x.swf", class: "box" }, "div", { class: "box" }],
    ["embed", { src: "https://evil.example/x.swf" }, "div", {}],
    ["frame", { src: "https://evil.example/" }, "div", {}],
    ["iframe", { src: "https://evil.example/", srcdoc: "<script>", allow: "camera" }, "iframe", { allow: "camera" }],
    ["link", { rel: "stylesheet", href: "https://evil.example/x.css" }, "link", { rel: "stylesheet" }],
    ["link", { rel: "preload", href: "https://evil.example/x" }, "link", { rel: "preload" }],
    ["meta", { "http-equiv": "refresh", content: "0;url=https://evil.example" }, "meta", {}],
    ["form", { action: "https://evil.example/", target: "_top" }, "form", {}],
    ["button", { formaction: "javascript:alert(1)", autofocus: true }, "button", {}],
    ["body", { onload: "a()", ONFOCUS: "a()", onanimationstart: "a()" }, "body", {}],
    ["a", { href: "javascript:alert(1)", ping: "https://evil.example" }, "a", {}],
    ["a", { href: " \u0001java\nscript:alert(1)" }, "a", {}],
    ["a", { href: "DATA:text/html,<script>alert(1)</script>" }, "a", {}],
    ["a", { href: "http://shop.example/" }, "a", { href: "http://shop.example/" }],
    ["img", { src: "data:image/svg+xml,<svg/>" }, "img", { src: "data:image/svg+xml,<svg/>" }],
    ["img", { src: "http://shop.example/a.png", srcset: "https://a.example/a 1x, http://a.example/b 2x" }, "img", { src: placeholder("picture", "http://shop.example/") }],
    ["image", { "xlink:href": "javascript:alert(1)" }, "image", { href: placeholder("picture", "") }],
    ["img", { src: "x", srcset: "https://a.example/a 1x, https://a.example/b 2x" }, "img", { src: placeholder("picture", ""), srcset: "https://a.example/a 1x, https://a.example/b 2x" }],
    ["use", { href: "data:image/svg+xml,<svg onload='a()'/>" }, "use", {}],
    ["use", { "xlink:href": "#sign", href: "#sign" }, "use", { "xlink:href": "#sign", href: "#sign" }],
    ["animate", { attributeName: "href", values: "#; javascript:alert(1)" }, "animate", { attributeName: "href" }],
    ["video", { autoplay: true, rr_mediaState: "played" }, "video", { rr_mediaState: "played" }],
    ["div", { rr_mediaState: "played" }, "div", {}],
    ["div", { title: "x".repeat(2_000_000) }, "div", {}],
    ["<img onerror=a()>", {}, "div", {}],
  ];
  for (const [tagName, attributes, expectedName, expected] of cases) {
    const { tagName: name, attributes: left } = clean(element(tagName, attributes));
    assert.deepEqual([name, left], [expectedName, expected], tagName);
  }
});

test("ordinary pages stay as they were", () => {
  const attributes = { class: "a", style: "color: red", href: "/cart", rr_width: "3px", "data-x": "javascript:x" };
  assert.deepEqual(clean(element("a", { ...attributes })).attributes, attributes);
  const style = clean(element("style", { _cssText: "a { color: red }" }));
  assert.equal(style.attributes._cssText, "a { color: red }");
});

test("styles load no styles, wherever they stand", () => {
  assert.equal(EVERYWHERE.styles("@import url(https://evil.example/a.css);\n@IMPORT 'x'; a{}").trim(), "a{}");
  const text = { type: 3, id: ids++, textContent: "@import 'x'; b{}" };
  const code = { type: 3, id: ids++, textContent: "@import 'x'; b{}" };
  const root = page(element("style", {}, [text]), element("code", {}, [code]));
  const sanitizer = new Sanitizer(EVERYWHERE);
  sanitizer.page(root);
  assert.deepEqual([text.textContent, code.textContent], [" b{}", "@import 'x'; b{}"]);
  assert.equal(sanitizer.text(text.id, "@import 'y'; c{}"), " c{}");
  assert.equal(sanitizer.text(code.id, "@import 'y';"), "@import 'y';");
});

test("a later change brings nothing back", () => {
  const sanitizer = new Sanitizer(EVERYWHERE);
  const [frame, link, image] = [element("iframe"), element("link"), element("img")];
  sanitizer.page(page(element("body", {}, [frame, link, image])));
  const change = (node: Node, attributes: Node) => {
    sanitizer.changed(node.id, attributes);
    return attributes;
  };
  assert.deepEqual(change(frame, { src: "https://evil.example", class: "a" }), { class: "a" });
  assert.deepEqual(change(frame, { srcdoc: "<script>" }), {});
  assert.deepEqual(change(link, { href: "https://evil.example" }), {});
  assert.deepEqual(change(image, { src: "https://a.example/b.png", onerror: "a()" }), { src: "https://a.example/b.png" });
});

test("a tree that no document can hold is made one that it can", () => {
  const host = clean({ ...element("input"), isShadowHost: true });
  assert.equal(host.isShadowHost, undefined);
  assert.equal(clean({ type: 4, id: 1, textContent: "x" }).type, 5);
  assert.equal(clean({ type: 99, id: 1 }).type, 5);
  assert.equal(clean(page(element("p"))).tagName, "div", "a document within a document");
  assert.equal(clean({ type: 1, id: 1, name: "<x>" }).name, "html");
  assert.deepEqual(clean({ ...element("p"), childNodes: [null, 7, { type: 2 }] }).childNodes, []);
  for (const strange of [null, 7, {}, { id: 1, type: 2 }]) assert.equal(new Sanitizer(EVERYWHERE).page(strange), false);
});

test("neither depth nor breadth breaks it", () => {
  let deep = element("b");
  for (let level = 0; level < 50_000; level++) deep = element("div", {}, [deep]);
  let [levels, node]: [number, Node | undefined] = [0, clean(deep)];
  for (; node; node = node.childNodes[0]) levels++;
  assert.ok(levels > 100 && levels < 1_000, String(levels));
});
