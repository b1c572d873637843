// What the pretend Intercom has been told of a contact: attributes, companies, events. It is looked at again
// and again, so that whatever is delivered shows at once.

import { element } from "./dom.js";

/** Draws into `container` whatever is known of the contact of the conversation that was shown last. */
export class ContactCard {
  #container;
  #clock;
  #conversation = null;
  #shown = null;

  constructor(container, clock) {
    this.#container = container;
    this.#clock = clock;
  }

  /** Shows the contact of another conversation. */
  async show(conversation) {
    this.#conversation = conversation;
    this.#shown = null;
    this.#container.replaceChildren();
    await this.refresh();
  }

  /** Looks again. */
  async refresh() {
    const id = this.#conversation;
    if (!id) return;
    const path = `/inbox/conversations/${encodeURIComponent(id)}/contact`;
    const card = await fetch(path).then((answer) => answer.text(), () => null);
    if (card === null || card === this.#shown || id !== this.#conversation) return;
    this.#shown = card;
    this.#draw(JSON.parse(card));
  }

  #draw(card) {
    if (card.failure) return this.#container.replaceChildren();
    const { companies, events } = card;
    this.#container.replaceChildren(
      ...section("Attributes", attributes(card, this.#clock)),
      ...section(companies.length === 1 ? "Company" : "Companies", companies.flatMap(company)),
      ...section(`Events (${card.events_total})`, events.flatMap((event) => row(event, this.#clock))));
  }
}

function section(title, rows) {
  if (rows.length === 0) return [];
  return [element("h4", {}, title), element("dl", { class: "attributes" }, rows)];
}

function pair(name, value, title = value) {
  return [element("dt", { title: name }, name), element("dd", { title: String(title) }, String(value))];
}

function attributes(card, clock) {
  const times = { "Signed up": card.signed_up_at, "Last seen": card.last_seen_at };
  return [
    ...(card.phone ? pair("Phone", card.phone) : []),
    ...Object.entries(times).flatMap(([name, at]) => (at ? pair(name, clock.long(at)) : [])),
    ...(card.unsubscribed_from_emails ? pair("E-mails", "unsubscribed") : []),
    ...Object.entries(card.custom_attributes).flatMap(([name, value]) => pair(name, value)),
  ];
}

function company({ company_id, name, plan, custom_attributes }) {
  const more = Object.entries(custom_attributes).map(([key, value]) => `${key}: ${value}`);
  const facts = [plan, ...more].filter(Boolean).join(", ");
  return pair(name ?? company_id, facts || company_id);
}

function row({ name, created_at, metadata }, clock) {
  const facts = Object.entries(metadata).map(([key, value]) => `${key}: ${words(value)}`);
  return pair(name, clock.long(created_at), facts.join("\n") || name);
}

function words(value) {
  if (value?.currency) return `${value.amount / 100} ${value.currency}`;
  return value?.url ?? value;
}
