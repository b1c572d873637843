// The pretend Intercom Inbox: which conversation is open, and which column a narrow window shows.

import { ContactActions } from "./actions.js";
import { ContactCard } from "./card.js";
import { Clock, contactAttributes, contactHeader, displayName, listRow, message } from "./conversation.js";
import { AppPanel } from "./panel.js";
import { showPeople } from "./people.js";
import { watchStartForm } from "./start.js";

/** How often to look for what has happened elsewhere, such as in the demo shop, ms. */
const LOOKS_EVERY = 3_000;

const $ = (id) => document.getElementById(id);
const panel = new AppPanel($("app"));

start();

async function start() {
  let { conversations, people, timezone } = await (await fetch("/inbox/conversations")).json();
  const clock = new Clock(timezone);
  const find = (id) => conversations.find((conversation) => conversation.id === id);
  const openId = () => document.body.dataset.conversation;

  const card = new ContactCard($("told"), clock);
  const actions = new ContactActions($("actions"), (answer) => {
    ({ conversations, people } = answer);
    list();
    draw(find(openId()), answer.told);
    panel.refresh();
  });
  const draw = (conversation, told) => {
    drawConversation(conversation, clock);
    actions.show(conversation, conversations, told);
  };
  const open = (conversation, told) => {
    if (openId() === conversation.id) return;
    document.body.dataset.conversation = conversation.id;
    history.replaceState(null, "", `#${conversation.id}`);
    markRow(conversation.id);
    draw(conversation, told);
    card.show(conversation.id);
    panel.open(conversation.id);
  };
  const show = (conversation, told) => {
    document.body.dataset.view = "conversation";
    open(conversation, told);
  };
  const list = () => {
    $("open-count").textContent = `${conversations.length} open conversation${conversations.length === 1 ? "" : "s"}`;
    const rows = conversations.map((conversation) => listRow(conversation, clock, () => show(conversation)));
    $("conversation-list").replaceChildren(...rows);
    markRow(openId());
    showPeople($("people"), people, started);
  };
  const started = ({ conversation, told }) => {
    conversations.unshift(conversation);
    people = people.filter(({ id }) => id !== conversation.contact.id);
    list();
    show(conversation, told);
    panel.refresh();
  };
  list();
  setInterval(async () => {
    card.refresh();
    const before = { conversations, people };
    const latest = await fetch("/inbox/conversations").then((answer) => answer.json(), () => before);
    const same = (one, other) => JSON.stringify(one.map(summary)) === JSON.stringify(other.map(summary));
    const isNew = latest.conversations.length !== conversations.length || !same(latest.people, people);
    if (!isNew) return;
    ({ conversations, people } = latest);
    list();
    if (!openId() && conversations.length > 0) show(conversations[0]);
  }, LOOKS_EVERY);
  watchStartForm($("start-form"), started);

  for (const view of ["list", "conversation", "details"]) {
    $(`show-${view}`).onclick = () => { document.body.dataset.view = view; };
  }
  $("composer").onsubmit = (event) => {
    event.preventDefault();
    reply(clock);
  };

  // The address names the open conversation, so that a reload or a shared link opens it again.
  const fromAddress = () => find(location.hash.slice(1));
  window.onhashchange = () => fromAddress() && show(fromAddress());
  if (fromAddress()) show(fromAddress());
  else if (conversations.length > 0) open(conversations[0]);
  else showNobody();
}

/** What a row of the list of people shows. */
function summary({ id, name, email, external_id }) {
  return [id, name, email, external_id];
}

/** Without the demo the Inbox starts empty. */
function showNobody() {
  $("conversation-name").textContent = "No conversations yet";
  $("conversation-title").textContent = "Start one as a person whom your recorder has identified.";
  $("start").open = true;
}

function markRow(id) {
  for (const row of document.querySelectorAll(".row")) {
    if (row.dataset.conversation === id) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function drawConversation({ title, contact, messages }, clock) {
  $("conversation-name").textContent = displayName(contact);
  $("conversation-title").textContent = title;
  $("messages").replaceChildren(...messages.map((each) => message(each, contact, clock)));
  $("contact").replaceChildren(...contactHeader(contact));
  $("attributes").replaceChildren(...contactAttributes(contact));
}

function reply(clock) {
  const text = $("reply").value.trim();
  if (text === "") return;
  const sent = message({ from: "teammate", text, at: Date.now() / 1000 }, null, clock);
  $("messages").append(sent);
  sent.scrollIntoView({ block: "end" });
  $("reply").value = "";
}
