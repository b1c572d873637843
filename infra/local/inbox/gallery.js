// Shows every canvas of gallery.json, and what a submit would send.

import { drawCanvas } from "./canvas.js";
import { element } from "./dom.js";

const shown = document.getElementById("last-submit");

function card({ name, canvas }) {
  let drawn;
  try {
    drawn = drawCanvas(canvas, (component_id, input_values) => {
      shown.textContent = JSON.stringify({ component_id, input_values }, null, 2);
    });
  } catch (error) {
    drawn = element("div", { class: "failure" }, element("p", {}, "Something went wrong."), element("p", { class: "muted" }, error.message));
  }
  return element("section", { class: "card app", "aria-label": name },
    element("header", { class: "app-header" }, element("h2", {}, name)),
    element("div", { class: "app-body" }, drawn));
}

// Pictures need a whole address, and the port is known only here.
const text = await (await fetch("/inbox/gallery.json")).text();
const gallery = JSON.parse(text.replaceAll("{origin}", location.origin));
document.getElementById("gallery").replaceChildren(...gallery.map(card));
