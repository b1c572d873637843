// Draws a canvas as Intercom draws it, and refuses what Intercom refuses: an unknown component, a missing
// field, an id used twice, an address that is not HTTPS. Knows nothing of conversations or of the network.

import { element } from "./dom.js";
import { INTERACTIVE, PRESENTATION } from "./components.js";
import { CanvasError, required } from "./rules.js";

/** Intercom takes no more than this for `content` and for `stored_data`. */
const MAX_BYTES = 64 * 1024;

/**
 * Draws `canvas` (the value of the answer's `canvas` key).
 *
 * `onSubmit(componentId, inputValues)` is called for submit actions.
 * Throws a CanvasError that says what Intercom would not accept.
 */
export function drawCanvas(canvas, onSubmit) {
  const components = canvas?.content?.components;
  if (!Array.isArray(components)) throw new CanvasError("canvas.content.components is not a list");
  for (const part of ["content", "stored_data"]) {
    const size = new TextEncoder().encode(JSON.stringify(canvas[part] ?? null)).length;
    if (size > MAX_BYTES) throw new CanvasError(`canvas.${part} takes ${size} bytes, more than 64 KB`);
  }

  const canvasState = new CanvasState(onSubmit);
  return element("div", { class: "canvas" }, components.map((component) => draw(component, canvasState)));
}

function draw(component, canvasState) {
  const type = required(component, "type", "component");
  const drawComponent = PRESENTATION[type] ?? INTERACTIVE[type];
  if (!drawComponent) throw new CanvasError(`no component has the type "${type}"`);
  if (component.id !== undefined || (type in INTERACTIVE && type !== "list")) {
    canvasState.claim(required(component, "id", type));
  }
  const drawn = drawComponent(component, canvasState);
  drawn.classList.add("component", `component-${type}`);
  drawn.classList.toggle("no-margin", component.bottom_margin === "none");
  return drawn;
}

/** What the components of one canvas share: the ids in use and the values that a submit sends along. */
class CanvasState {
  #ids = new Set();
  #values = new Map();
  #onSubmit;

  constructor(onSubmit) {
    this.#onSubmit = onSubmit;
  }

  /** Takes an id, which must be free. */
  claim(id) {
    if (this.#ids.has(id)) throw new CanvasError(`the id "${id}" is used twice`);
    this.#ids.add(id);
  }

  /** Says how to read the value of the component `id` when a submit happens. */
  hold(id, read) {
    this.#values.set(id, read);
  }

  submit(componentId) {
    this.#onSubmit(componentId, Object.fromEntries([...this.#values].map(([id, read]) => [id, read()])));
  }
}
