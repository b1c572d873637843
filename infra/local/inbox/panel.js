// The app's card: asks the pretend Intercom for a canvas, draws it, sends submits, and shows what Intercom shows
// when something fails.

import { drawCanvas } from "./canvas.js";
import { element } from "./dom.js";

/** The app panel inside `container`. */
export class AppPanel {
  #container;
  #conversationId = null;
  #canvas = null;
  #request = new AbortController();

  constructor(container) {
    this.#container = container;
  }

  /** Another conversation is on screen: its first canvas comes. */
  async open(conversationId) {
    this.#conversationId = conversationId;
    this.#canvas = null;
    this.#container.replaceChildren(skeleton());
    await this.#ask({});
  }

  async #submit(componentId, inputValues) {
    await this.#ask({ component_id: componentId, input_values: inputValues, current_canvas: this.#canvas });
    this.#container.focus({ preventScroll: true });
    if (this.#container.getBoundingClientRect().top < 0) this.#container.scrollIntoView();
  }

  async #ask(body) {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    this.#container.setAttribute("aria-busy", "true");
    const answer = await askIntercom(this.#conversationId, body, request.signal);
    if (request.signal.aborted) return;
    this.#container.removeAttribute("aria-busy");
    try {
      if (answer.failure) throw new Error(answer.failure);
      const drawn = drawCanvas(answer.canvas, (id, values) => this.#submit(id, values));
      this.#canvas = answer.canvas;
      this.#container.replaceChildren(drawn);
    } catch (error) {
      this.#container.replaceChildren(this.#failure(error.message));
    }
  }

  /** Intercom says no more than the first sentence; the reason is for whoever builds the app. */
  #failure(reason) {
    return element("div", { class: "failure", role: "alert" },
      element("p", {}, "Something went wrong."),
      element("p", { class: "muted" }, reason),
      element("button", { type: "button", class: "quiet", onclick: () => this.open(this.#conversationId) }, "Try again"));
  }
}

/** Gives `{ canvas }`, or `{ failure }` with the reason. */
async function askIntercom(conversationId, body, signal) {
  try {
    const response = await fetch(`/inbox/conversations/${encodeURIComponent(conversationId)}/canvas`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal,
    });
    return await response.json();
  } catch (error) {
    return { failure: `The pretend Intercom does not answer (${error.message}). Is it still running?` };
  }
}

function skeleton() {
  return element("div", { class: "skeleton", "aria-label": "Loading", role: "img" },
    Array.from({ length: 4 }, () => element("span")));
}
