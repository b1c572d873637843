// The form that starts a conversation as whoever a recorder has identified.

import { askIntercom } from "./ask.js";
import { browserDetails } from "./browser.js";

/**
 * Calls `onStarted` with each `{ conversation, told }` that `form` starts; what is wrong with an entry is
 * said in its `output`.
 */
export function watchStartForm(form, onStarted) {
  form.onsubmit = async (event) => {
    event.preventDefault();
    const { kind, value, page, problem } = form.elements;
    const answer = await askIntercom("/inbox/conversations", {
      [kind.value]: value.value, page: page.value, browser: browserDetails(),
    });
    problem.value = answer.failure ?? "";
    if (answer.failure) return;
    form.reset();
    form.closest("details").open = false;
    onStarted(answer);
  };
}
