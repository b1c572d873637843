// Draws a conversation, its contact, and its row in the list. Everything here comes from the pretend Intercom
// as JSON.

import { element } from "./dom.js";

const PALETTE = 6;

/** Formats times in the workspace's time zone, as the canvas does. */
export class Clock {
  #time;
  #date;
  #day;

  constructor(timeZone) {
    this.#time = new Intl.DateTimeFormat("en-US", { timeZone, hour: "numeric", minute: "2-digit" });
    this.#date = new Intl.DateTimeFormat("en-US", { timeZone, month: "short", day: "numeric" });
    this.#day = new Intl.DateTimeFormat("en-CA", { timeZone });
  }

  /** `1:05 PM` today, `Nov 20` before. */
  short(seconds) {
    const moment = new Date(seconds * 1000);
    return this.#day.format(moment) === this.#day.format(new Date()) ? this.#time.format(moment) : this.#date.format(moment);
  }

  /** `Nov 20, 1:05 PM`. */
  long(seconds) {
    const moment = new Date(seconds * 1000);
    return `${this.#date.format(moment)}, ${this.#time.format(moment)}`;
  }
}

/** What to call a contact: leads often have no name, and their id says nothing to anybody. */
export function displayName(contact) {
  const id = contact.role === "lead" ? null : contact.external_id;
  return contact.name ?? contact.email ?? id ?? "Visitor";
}

/** A round picture with initials; its colour goes with the contact. */
export function avatar(contact) {
  const name = displayName(contact);
  const initials = name.split(/[\s@.]+/).slice(0, 2).map((word) => word[0]?.toUpperCase() ?? "").join("");
  const colour = [...contact.id].reduce((sum, character) => sum + character.codePointAt(0), 0) % PALETTE;
  return element("span", { class: `avatar colour-${colour}`, "aria-hidden": "true" }, initials);
}

/** The conversation's row in the list. */
export function listRow(conversation, clock, onOpen) {
  const last = conversation.messages.at(-1);
  const preview = last.from === "teammate" ? `You: ${last.text}` : last.text;
  const row = element("button",
    { type: "button", class: "row", "data-conversation": conversation.id, onclick: () => onOpen(conversation) },
    avatar(conversation.contact),
    element("span", { class: "row-text" },
      element("span", { class: "row-top" },
        element("span", { class: "row-name" }, displayName(conversation.contact)),
        element("span", { class: "row-time" }, clock.short(last.at))),
      element("span", { class: "row-title" }, conversation.title),
      element("span", { class: "row-preview" }, preview)));
  return element("li", {}, row);
}

/** One message bubble. */
export function message({ from, text, at }, contact, clock) {
  const byContact = from === "contact";
  const author = byContact ? displayName(contact) : "You";
  return element("li", { class: `message ${byContact ? "from-contact" : "from-teammate"}` },
    byContact ? avatar(contact) : null,
    element("div", { class: "message-body" },
      element("p", { class: "bubble" }, text),
      element("p", { class: "message-meta" }, `${author} · ${clock.long(at)}`)));
}

/** The contact's name and picture at the top of the details. */
export function contactHeader(contact) {
  return [
    avatar(contact),
    element("div", {},
      element("p", { class: "contact-name" }, displayName(contact)),
      element("p", { class: "muted" }, standing(contact))),
  ];
}

function standing({ role, standing }) {
  const kind = role === "lead" ? "Lead" : "User";
  return standing === "present" ? kind : `${kind}, ${standing}`;
}

/** What Intercom knows of the contact, as rows of a description list. */
export function contactAttributes(contact) {
  const rows = [["Email", contact.email], [contact.role === "lead" ? "Visitor ID" : "User ID", contact.external_id]];
  return rows.flatMap(([name, value]) =>
    [element("dt", {}, name), element("dd", { class: value ? null : "muted", title: value }, value ?? "Unknown")]);
}
