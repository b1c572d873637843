// The people whom the pretend Intercom knows and who have begun no conversation: whoever an analytics client
// told of.

import { askIntercom } from "./ask.js";
import { avatar, displayName } from "./conversation.js";
import { element } from "./dom.js";

/** Lists them in `container`; `onStarted` gets each `{ conversation, told }` that is begun as one of them. */
export function showPeople(container, people, onStarted) {
  container.hidden = people.length === 0;
  container.querySelector("#people-count").textContent = people.length;
  const rows = people.map((person) => element("li", {}, element("button",
    { type: "button", class: "row", onclick: () => begin(person, onStarted) },
    avatar(person),
    element("span", { class: "row-text" },
      element("span", { class: "row-name" }, displayName(person)),
      element("span", { class: "row-preview" }, person.external_id ?? person.role)))));
  container.querySelector("#people-list").replaceChildren(...rows);
}

async function begin(person, onStarted) {
  const answer = await askIntercom("/inbox/conversations", { contact_id: person.id });
  if (!answer.failure) onStarted(answer);
}
