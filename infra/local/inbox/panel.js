// The app's card: asks the pretend Intercom for a canvas, draws it, sends submits, and shows what Intercom
// shows when something fails.

import { askIntercom } from "./ask.js";
import { drawCanvas } from "./canvas.js";
import { element } from "./dom.js";

/**
 * When to look again after the app was notified of something, ms: its answer comes before its work is done.
 */
const LOOKS = [300, 1_000, 3_000];

/** The app panel inside `container`. */
export class AppPanel {
  #container;
  #conversationId = null;
  #canvas = null;
  #isFirst = true;
  #refreshes = 0;
  #request = new AbortController();

  constructor(container) {
    this.#container = container;
  }

  /** Another conversation is on screen: its first canvas comes. */
  async open(conversationId) {
    this.#conversationId = conversationId;
    this.#canvas = null;
    this.#isFirst = true;
    this.#refreshes += 1;
    this.#container.replaceChildren(skeleton());
    await this.#ask({});
  }

  /**
   * The app was notified of something about the contact: looks what has become of it, until somebody looks
   * closer.
   */
  async refresh() {
    this.#isFirst = true;
    const refresh = (this.#refreshes += 1);
    for (const pause of LOOKS) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (refresh !== this.#refreshes || !this.#isFirst) return;
      await this.#ask({});
    }
  }

  async #submit(componentId, inputValues) {
    this.#isFirst = false;
    await this.#ask({ component_id: componentId, input_values: inputValues, current_canvas: this.#canvas });
    this.#container.focus({ preventScroll: true });
    if (this.#container.getBoundingClientRect().top < 0) this.#container.scrollIntoView();
  }

  async #ask(body) {
    this.#request.abort();
    const request = (this.#request = new AbortController());
    this.#container.setAttribute("aria-busy", "true");
    const path = `/inbox/conversations/${encodeURIComponent(this.#conversationId)}/canvas`;
    const answer = await askIntercom(path, body, request.signal);
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

function skeleton() {
  return element("div", { class: "skeleton", "aria-label": "Loading", role: "img" },
    Array.from({ length: 4 }, () => element("span")));
}
