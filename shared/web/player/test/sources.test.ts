import assert from "node:assert/strict";
import { test } from "node:test";
import { EventReader } from "../src/events";
import { Sanitizer } from "../src/sanitize";
import { Sources, placeholder } from "../src/sources";

type Node = Record<string, any>;

const SHOP = new Sources("https://shop.example http://localhost:3000");
const FOREIGN = "https://ads.example/pixel.png?visitor=1";
const OWN = "https://shop.example/a.png";

let ids = 1;
const element = (tagName: string, attributes: Node = {}, childNodes: Node[] = []): Node => ({
  type: 2,
  id: ids++,
  tagName,
  attributes,
  childNodes,
});
const page = (...childNodes: Node[]): Node => ({ type: 0, id: ids++, childNodes });

function clean(node: Node, sources = SHOP): Node {
  new Sanitizer(sources).page(page(node));
  return node.attributes;
}

/** What a picture says that stands for another one. */
const said = (source: unknown) => decodeURIComponent(String(source)).replace(/<text[^>]*>|<[^>]*>/g, " ").replace(/\s+/g, " ").trim();

test("only allowed sites are allowed, by scheme, host and port", () => {
  for (const [address, isAllowed] of [
    [OWN, true],
    [" https://SHOP.example:443/a ", true],
    ["http://localhost:3000/a.png", true],
    ["https://shop.example:8443/a.png", false],
    ["http://shop.example/a.png", false],
    ["https://shop.example.evil.example/", false],
    ["https://shop.example@evil.example/", false],
    ["//shop.example/a.png", false],
    ["/a.png", false],
    ["blob:https://shop.example/1", false],
    ["", false],
  ] as const) {
    assert.equal(SHOP.allow(address), isAllowed, address);
  }
  assert.equal(new Sources("").allow(OWN), false, "without a site nothing is allowed");
  assert.equal(new Sources("https:").allow(FOREIGN), true);
  assert.equal(new Sources("https:").allow("http://shop.example/a.png"), false);
});

test("a set of pictures is loaded when all of it may be", () => {
  for (const [srcset, isAllowed] of [
    [`${OWN} 1x, https://shop.example/w_1,h_2/b.png 2x`, true],
    [`data:image/png;base64,AAAA 1x,${OWN} 2x`, false],
    [`data:image/png;base64,AAAA 1x, ${OWN} 2x`, true],
    [`${OWN} 1x, ${FOREIGN} 2x`, false],
    [`${OWN},${FOREIGN}`, true, "one address with a comma in it"],
    [`${OWN}, ${FOREIGN}`, false],
    [`${FOREIGN}`, false],
  ] as const) {
    assert.equal(SHOP.allowAll(srcset), isAllowed, srcset);
  }
});

test("nobody is told where a recording is watched, whatever the element says", () => {
  for (const [tagName, given, expected] of [
    ["img", { src: OWN, referrerpolicy: "unsafe-url", crossorigin: "use-credentials" }, { src: OWN }],
    ["IMG", { src: OWN, ReferrerPolicy: "unsafe-url" }, { src: OWN }],
    ["a", { href: FOREIGN, referrerpolicy: "unsafe-url", attributionsrc: FOREIGN }, { href: FOREIGN }],
    ["image", { href: OWN, referrerpolicy: "unsafe-url" }, { href: OWN }],
    ["meta", { name: "referrer", content: "unsafe-url" }, {}],
    ["META", { NAME: "referrer", name: "viewport", content: "width=1" }, { name: "viewport", content: "width=1" }],
    ["meta", { "http-equiv": "Referrer-Policy", name: "viewport", content: "a" }, { name: "viewport", content: "a" }],
    ["meta", { "http-equiv": "x-dns-prefetch-control", content: "on" }, {}],
    ["meta", { name: "Theme-Color", content: "red", media: "print" }, { name: "Theme-Color", content: "red" }],
    ["meta", { name: "color-scheme", content: "dark" }, { name: "color-scheme", content: "dark" }],
    ["meta", { charset: "utf-8" }, {}],
    ["meta", { property: "og:image", content: FOREIGN }, {}],
    ["link", { rel: "preload", as: "image", imagesrcset: FOREIGN, href: FOREIGN }, { rel: "preload", as: "image" }],
    ["link", { rel: "stylesheet", href: FOREIGN, _cssText: "" }, { rel: "stylesheet", _cssText: "" }],
  ] as const) {
    assert.deepEqual(clean(element(tagName, { ...given })), expected, JSON.stringify(given));
  }
});

test("a later change brings neither a referrer nor a meta back", () => {
  const sanitizer = new Sanitizer(SHOP);
  const [image, unnamed, drawing] = [element("img"), element("meta", { content: "unsafe-url" }), element("meta", { name: "viewport", content: "a" })];
  sanitizer.page(page(image, unnamed, drawing));
  for (const [node, given, expected] of [
    [image, { referrerpolicy: "unsafe-url", alt: "a" }, { alt: "a" }],
    [unnamed, { name: "referrer" }, {}],
    [unnamed, { name: "referrer", content: "unsafe-url" }, {}],
    [drawing, { name: "referrer", content: "unsafe-url" }, { content: "unsafe-url" }],
    [drawing, { "http-equiv": "refresh" }, {}],
  ] as const) {
    const attributes: Node = { ...given };
    sanitizer.changed(node.id, attributes);
    assert.deepEqual(attributes, expected);
  }
});

test("a picture that is not loaded keeps its box and says whose it is", () => {
  for (const [tagName, given, name, size] of [
    ["img", { src: FOREIGN, width: "300", height: "200" }, "src", "300x200"],
    ["img", { src: FOREIGN, "data-recapt-size": "640x480", width: "300" }, "src", "640x480"],
    ["img", { src: FOREIGN, rr_width: "30.5px", rr_height: "20px" }, "src", "30x20"],
    ["img", { src: FOREIGN, width: "50%" }, "src", "160x120"],
    ["img", { src: FOREIGN, width: "99999" }, "src", "160x120"],
    ["img", { src: FOREIGN, width: "80" }, "src", "80x60"],
    ["img", { srcset: `${FOREIGN} 2x` }, "src", "160x120"],
    ["input", { type: "image", src: FOREIGN }, "src", "160x120"],
    ["image", { href: FOREIGN }, "href", "160x120"],
    ["image", { "xlink:href": FOREIGN }, "href", "160x120"],
  ] as const) {
    const attributes = clean(element(tagName, { ...given }));
    const [width, height] = size.split("x");
    assert.ok(!JSON.stringify(attributes).includes(encodeURIComponent(FOREIGN)) && !JSON.stringify(attributes).includes(FOREIGN));
    assert.equal(said(attributes[name]), "data:image/svg+xml, picture not loaded: ads.example", JSON.stringify(given));
    assert.ok(decodeURIComponent(attributes[name]).includes(`width='${width}' height='${height}'`), attributes[name]);
  }
  assert.equal(clean(element("img", { src: "http://shop.example/a.png" })).src, placeholder("picture", "http://shop.example/"));
  assert.match(said(placeholder("picture", "nonsense")), /picture not loaded: unknown/);
  const inline = { src: "data:image/png;base64,AAAA" };
  assert.deepEqual(clean(element("img", { ...inline })), inline, "inline pictures stay");
});

test("a picture that is changed to a foreign one keeps the size that it had", () => {
  const sanitizer = new Sanitizer(SHOP);
  const image = element("img", { src: OWN, width: "300", height: "200" });
  sanitizer.page(page(image));
  const attributes: Node = { src: FOREIGN };
  sanitizer.changed(image.id, attributes);
  assert.equal(attributes.src, placeholder("picture", FOREIGN, { width: 300, height: 200 }));
});

test("a picture that was loaded later says later how large its box is", () => {
  const [foreign, own] = [element("img", { src: FOREIGN }), element("img", { src: OWN })];
  const snapshot = { type: 2, timestamp: 1, data: { node: page(foreign, own), initialOffset: {} } };
  const later = [foreign.id, own.id, 99, "x", null].map((id) => ({
    type: 5,
    timestamp: 2,
    data: { tag: "recapt.picture", payload: { id, width: 640, height: 480 } },
  }));
  const [, , event, ...others] = new EventReader({ width: 800, height: 600 }, SHOP).read([snapshot, ...later]) as any[];
  const src = placeholder("picture", FOREIGN, { width: 640, height: 480 });
  assert.deepEqual(event.data.attributes, [{ id: foreign.id, attributes: { src } }]);
  assert.deepEqual(others, []);
});

test("videos say so as well, and nothing else that loads is left", () => {
  const source = element("source", { src: FOREIGN });
  const video = element("video", { width: "320", height: "180" }, [source]);
  assert.match(said(clean(video).poster), /video not loaded: ads.example/);
  assert.deepEqual(source.attributes, {});
  assert.deepEqual(clean(element("video", { src: OWN, poster: FOREIGN })), { src: OWN });
  for (const [tagName, given] of [
    ["audio", { src: FOREIGN }],
    ["track", { src: FOREIGN }],
    ["source", { srcset: `${FOREIGN} 1x` }],
    ["body", { background: FOREIGN }],
    ["canvas", { rr_dataURL: FOREIGN }],
    ["animate", { attributeName: "href", to: FOREIGN }],
  ] as const) {
    assert.deepEqual(Object.values(clean(element(tagName, { ...given }))).join().includes("ads.example"), false, tagName);
  }
});

test("styles load nothing from elsewhere, wherever they stand", () => {
  for (const css of [
    `a{background:url(${FOREIGN})}`,
    `a{background:URL( "${FOREIGN}" )}`,
    `a{background:url('${FOREIGN}')}`,
    `a{background:url("https\\3a //ads.example/x")}`,
    `a{background:url(//ads.example/x)}`,
    `a{background:image-set("${FOREIGN}" 1x, url(${FOREIGN}) 2x)}`,
    `a{background:-webkit-image-set(url(${FOREIGN}) 1x)}`,
    `a{cursor:url(${FOREIGN}),auto}`,
    `a{background:\\75 rl(${FOREIGN})}`,
    `a{background:\\000055RL(${FOREIGN})}`,
    `a{background:\\url("${FOREIGN}")}`,
    `a{background:url("${FOREIGN}" referrer-policy(unsafe-url))}`,
    `a{background:url("${FOREIGN}"`,
    `a{background:url(${FOREIGN}`,
    `a{background:src("${FOREIGN}")}`,
    `/* ' */ a{background:url(${FOREIGN})}`,
    `@\\69mport "${FOREIGN}";`,
    `@font-face{font-family:a;src:url(${FOREIGN}) format("woff2")}`,
  ]) {
    assert.ok(!SHOP.styles(css).includes("ads.example"), SHOP.styles(css));
  }
  for (const css of [
    `a{background:url("${OWN}") no-repeat;filter:url(#blur);mask:url("data:image/png;base64,AA")}`,
    `a{background:image-set(url("${OWN}") type("image/png") 1x)}`,
    `@font-face{font-family:a;src:url("${OWN}")}`,
    `.\\31 0{color:red}/* don't */a::before{content:'\\2014'}`,
    "a{content:'url(https in words'}",
  ]) {
    assert.equal(SHOP.styles(css), css);
  }
  const holders = { style: { background: `url(${FOREIGN})`, color: ["red", "important"], mask: [`url(${FOREIGN})`, ""] }, fill: `url(${FOREIGN}#a)` };
  const left = JSON.stringify(clean(element("rect", holders)));
  assert.ok(!left.includes("ads.example") && left.includes("important"), left);
});

test("an address of styles is loaded without a referrer, whatever policy it brings", () => {
  const quiet = new Sources("https://shop.example", " referrer-policy(no-referrer)");
  const expected = `a{background:url("${OWN}" referrer-policy(no-referrer))}`;
  for (const value of [
    `url(${OWN})`,
    `url( '${OWN}' )`,
    `url("${OWN}" referrer-policy(unsafe-url))`,
    `URL("${OWN}" Referrer-Policy(unsafe-url) crossorigin(use-credentials))`,
    `url("${OWN}" \\72 eferrer-policy(unsafe-url))`,
    `u\\72l(${OWN})`,
  ]) {
    assert.equal(quiet.styles(`a{background:${value}}`), expected, value);
  }
  assert.match(quiet.styles(`a{background:image-set('${OWN}' 1x)}`), /image-set\(url\("[^"]*" referrer-policy\(no-referrer\)\) 1x\)/);
  assert.equal(quiet.styles("a{mask:url(#a)}"), "a{mask:url(#a)}");
});

test("neither do rules, declarations and fonts that come later", () => {
  const size = { width: 800, height: 600 };
  const snapshot = { type: 2, timestamp: 1, data: { node: page(element("p")), initialOffset: {} } };
  const css = `url(${FOREIGN})`;
  const later = [
    { source: 8, adds: [{ rule: `a{background:${css}}` }], replace: `a{background:${css}}` },
    { source: 10, family: "a", fontSource: css, buffer: false },
    { source: 13, set: { property: "background", value: css } },
    { source: 15, styles: [{ styleId: 1, rules: [{ rule: `a{background:${css}}` }] }] },
  ].map((data) => ({ type: 3, timestamp: 2, data }));
  const events = new EventReader(size, SHOP).read([snapshot, ...later]);
  assert.equal(events.length, 6);
  assert.ok(!JSON.stringify(events).includes("ads.example"));
});

test("reading styles takes no longer than they are long", () => {
  for (const part of ["url(", "url(\"", "url('\\", "image-set(", "image-set((", "@font-face{", "url( ", "@import ", "\"", "image-set(\"'", "/*", "src(\"a\"(", "\\7"]) {
    const start = performance.now();
    SHOP.styles(part.repeat(100_000));
    SHOP.styles(`url(${" ".repeat(300_000)}`);
    assert.ok(performance.now() - start < 2_000, part);
  }
});
