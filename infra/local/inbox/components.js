// One function for each component type of Canvas Kit: takes the component's JSON, gives an element.

import { element, newTabLink } from "./dom.js";
import { FIELDS } from "./fields.js";
import { markdown } from "./markdown.js";
import { acting, allowedUrl, CanvasError, oneOf, required } from "./rules.js";

/** Components that only show something. */
export const PRESENTATION = {
  text(component) {
    const style = oneOf(component, "style", ["paragraph", "header", "muted", "error"]);
    const align = oneOf(component, "align", ["left", "center", "right"]);
    const text = required(component, "text", "text").replace(/\s*\n\s*/g, " ");
    return element(style === "header" ? "h4" : "p", { class: `text-${style} align-${align}` }, markdown(text));
  },

  image(component) {
    const align = oneOf(component, "align", ["left", "center", "right", "full_width"]);
    const image = picture(component.url, component.width, component.height, component.rounded, "image");
    const { action } = component;
    if (action && action.type !== "url") throw new CanvasError("an image can only have a url action");
    const content = action
      ? newTabLink(allowedUrl(action.url, "image"), { "aria-label": `Open ${new URL(action.url).hostname}` }, image)
      : image;
    return element("div", { class: `align-${align}` }, content);
  },

  divider: () => element("hr"),

  spacer: (component) => element("div", { class: `space-${oneOf(component, "size", ["s", "xs", "m", "l", "xl"])}` }),

  "data-table"(component) {
    const rows = required(component, "items", "data-table").map((item) => {
      if (item.type !== "field-value") throw new CanvasError(`data-table has an item of the type "${item.type}"`);
      const value = element("td", { onmouseenter: showWholeText, onfocus: showWholeText }, required(item, "value", "field-value"));
      return element("tr", {}, element("th", { scope: "row" }, required(item, "field", "field-value")), value);
    });
    return element("table", {}, element("tbody", {}, rows));
  },
};

/** A value that did not fit shows itself whole on hover. */
function showWholeText({ currentTarget: cell }) {
  cell.title = cell.scrollWidth > cell.clientWidth ? cell.textContent : "";
}

/** Components that somebody can use. */
export const INTERACTIVE = {
  ...FIELDS,

  list(component, canvasState) {
    const items = required(component, "items", "list").map((item) => {
      canvasState.claim(required(item, "id", "item"));
      const disabled = Boolean(component.disabled || item.disabled);
      return element("li", {}, listItem({ ...item, disabled }, canvasState));
    });
    return element("ul", {}, items);
  },

  button(component, canvasState) {
    const style = oneOf(component, "style", ["primary", "secondary", "link"]);
    required(component, "action", "button");
    return acting(component, canvasState, "button", { class: `button-${style}` }, required(component, "label", "button"));
  },
};

function listItem(item, canvasState) {
  if (item.type !== "item") throw new CanvasError(`list has an item of the type "${item.type}"`);
  const details = [item.subtitle, item.tertiary_text].filter(Boolean).join(" • ");
  return acting(
    item,
    canvasState,
    "item",
    { class: item.action ? "item actionable" : "item" },
    item.image ? picture(item.image, item.image_width, item.image_height, item.rounded_image, "item with an image") : null,
    element(
      "span",
      { class: "item-text" },
      element("span", { class: "item-title" }, required(item, "title", "item")),
      details ? element("span", { class: "item-details" }, details) : null,
    ),
  );
}

function picture(url, width, height, rounded, what) {
  const sized = { url, width, height };
  const image = element("img", {
    src: allowedUrl(required(sized, "url", what), what),
    width: required(sized, "width", what),
    height: required(sized, "height", what),
    alt: "",
    class: rounded ? "rounded" : null,
  });
  image.style.aspectRatio = `${width} / ${height}`;
  return image;
}
