// The pretend Intercom Inbox: which conversation is open, and which column a narrow window shows.

import { Clock, contactAttributes, contactHeader, displayName, listRow, message } from "./conversation.js";
import { AppPanel } from "./panel.js";
import { watchStartForm } from "./start.js";

const $ = (id) => document.getElementById(id);
const panel = new AppPanel($("app"));

start();

async function start() {
  const { conversations, timezone } = await (await fetch("/inbox/conversations")).json();
  const clock = new Clock(timezone);
  const open = (conversation) => openConversation(conversation, clock);
  const show = (conversation) => {
    document.body.dataset.view = "conversation";
    open(conversation);
  };
  const list = () => {
    $("open-count").textContent = `${conversations.length} open conversation${conversations.length === 1 ? "" : "s"}`;
    $("conversation-list").replaceChildren(...conversations.map((conversation) => listRow(conversation, clock, show)));
  };
  list();
  watchStartForm($("start-form"), (conversation) => {
    conversations.unshift(conversation);
    list();
    show(conversation);
  });

  for (const view of ["list", "conversation", "details"]) {
    $(`show-${view}`).onclick = () => { document.body.dataset.view = view; };
  }
  $("composer").onsubmit = (event) => {
    event.preventDefault();
    reply(clock);
  };

  // The address names the open conversation, so that a reload or a shared link opens it again.
  const fromAddress = () => conversations.find(({ id }) => `#${id}` === location.hash);
  window.onhashchange = () => fromAddress() && show(fromAddress());
  if (fromAddress()) show(fromAddress());
  else if (conversations.length > 0) open(conversations[0]);
  else showNobody();
}

/** Without the demo the Inbox starts empty. */
function showNobody() {
  $("conversation-name").textContent = "No conversations yet";
  $("conversation-title").textContent = "Start one as a person whom your recorder has identified.";
  $("start").open = true;
}

function openConversation(conversation, clock) {
  const { id, title, contact, messages } = conversation;
  if (document.body.dataset.conversation === id) return;
  document.body.dataset.conversation = id;
  history.replaceState(null, "", `#${id}`);
  for (const row of document.querySelectorAll(".row")) {
    if (row.dataset.conversation === id) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  $("conversation-name").textContent = displayName(contact);
  $("conversation-title").textContent = title;
  $("messages").replaceChildren(...messages.map((each) => message(each, contact, clock)));
  $("contact").replaceChildren(...contactHeader(contact));
  $("attributes").replaceChildren(...contactAttributes(contact));
  panel.open(id);
}

function reply(clock) {
  const text = $("reply").value.trim();
  if (text === "") return;
  const sent = message({ from: "teammate", text, at: Date.now() / 1000 }, null, clock);
  $("messages").append(sent);
  sent.scrollIntoView({ block: "end" });
  $("reply").value = "";
}
