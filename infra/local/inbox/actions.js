// The buttons beside a contact: what somebody does at the site or in Intercom, so that the app hears of it.

import { askIntercom } from "./ask.js";
import { displayName } from "./conversation.js";
import { element } from "./dom.js";

const isLead = ({ role, standing }) => role === "lead" && standing === "present";

/**
 * `change` is what the pretend Intercom calls it; one that asks has a question, one that chooses has users
 * for an answer.
 */
const ACTIONS = [
  { label: "Give an email", change: "email", asks: "Email", offered: ({ standing }) => standing === "present" },
  { label: "Sign up", change: "sign_up", asks: "User ID at the site", offered: isLead },
  { label: "Merge into …", change: "merge_into", asks: "User", chooses: true, does: "Merge", offered: isLead },
  { label: "Archive", change: "archive", offered: ({ standing }) => standing === "present" },
  { label: "Unarchive", change: "unarchive", offered: ({ standing }) => standing === "archived" },
  { label: "Delete", change: "delete", offered: ({ standing }) => standing !== "deleted" },
];

/** The buttons inside `container`; `onChanged` gets what the pretend Intercom knows after each change. */
export class ContactActions {
  #container;
  #onChanged;
  #conversation = null;
  #users = [];

  constructor(container, onChanged) {
    this.#container = container;
    this.#onChanged = onChanged;
  }

  /** Offers what can happen to the contact of `conversation`; `told` is what the app was just notified of. */
  show(conversation, conversations, told = []) {
    this.#conversation = conversation;
    const others = new Map(conversations.map(({ contact }) => [contact.id, contact]));
    this.#users = [...others.values()].filter(({ role, standing }) => role === "user" && standing === "present");
    this.#draw(null, told.map(({ topic, answer }) => `${topic}: ${answer}`));
  }

  #draw(form, news) {
    const offered = ACTIONS.filter((action) => action.offered(this.#conversation.contact));
    const buttons = offered.map((action) => element("button",
      { type: "button", class: "quiet", onclick: () => this.#begin(action) }, action.label));
    const lines = news.map((line) => element("p", {}, line));
    this.#container.replaceChildren(
      element("div", { class: "action-buttons" }, buttons),
      ...(form ? [form] : []),
      element("div", { class: "news muted", role: "status" }, lines));
  }

  #begin(action) {
    if (!action.asks) return this.#change(action.change);
    const control = action.chooses
      ? element("select", { id: "action-value" }, this.#users.map((user) =>
        element("option", { value: user.id }, displayName(user))))
      : element("input", { id: "action-value", required: true, autocomplete: "off", placeholder: action.asks });
    const form = element("form", { class: "action-form" },
      element("label", { class: "visually-hidden", for: "action-value" }, action.asks), control,
      element("button", { type: "submit", class: "send" }, action.does ?? action.label));
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#change({ [action.change]: control.value });
    };
    this.#draw(form, []);
    control.focus();
  }

  async #change(change) {
    const { id } = this.#conversation;
    const answer = await askIntercom(`/inbox/conversations/${encodeURIComponent(id)}/contact`, change);
    if (answer.failure) this.#draw(null, [answer.failure]);
    else this.#onChanged(answer);
  }
}
