// The one way in which this page makes elements: text is always set as text, never parsed as HTML.

/**
 * Makes `<tag>` with properties (`class` and `aria-…`/`data-…` as attributes) and children; null children are
 * left out.
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") made.className = value;
    else if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A link that opens a new tab, which cannot reach back into this page. */
export function newTabLink(url, properties, ...children) {
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...properties }, ...children);
}
