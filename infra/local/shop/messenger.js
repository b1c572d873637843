// A pretend Messenger: it loads after the page, gives the browser an id, and begins conversations in the
// pretend Inbox.

import { browserDetails } from "/inbox/browser.js";
import { askIntercom } from "/inbox/ask.js";
import { person } from "./person.js";

/** The real one takes about so long, ms. */
const LOADS_IN = 800;
const COOKIE = "intercom-id-local";

export function startMessenger() {
  setTimeout(() => { window.Intercom = intercom; }, LOADS_IN);
  const [form, button] = [document.getElementById("messenger"), document.getElementById("messenger-open")];
  button.onclick = () => {
    form.hidden = !form.hidden;
    button.setAttribute("aria-expanded", String(!form.hidden));
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    write(document.getElementById("messenger-text").value);
  };
}

/** The commands that this shop and the recorder use. */
function intercom(command) {
  // Of people who are signed in it knows no visitor.
  if (command === "getVisitorId") return person() ? null : visitorId();
  if (command === "shutdown") document.cookie = `${COOKIE}=; max-age=0; path=/`;
  return undefined;
}

function visitorId() {
  const known = document.cookie.match(new RegExp(`${COOKIE}=([^;]+)`));
  if (known) return known[1];
  const id = crypto.randomUUID();
  document.cookie = `${COOKIE}=${id}; max-age=23328000; path=/; samesite=lax`;
  return id;
}

async function write(text) {
  const known = person();
  const writer = known ? { email: known.email } : { visitor_id: visitorId() };
  const answer = await askIntercom("/inbox/conversations", {
    ...writer, text, page: location.href, browser: browserDetails(),
  });
  const said = document.getElementById("messenger-answer");
  said.textContent = answer.failure ?? "Thank you, we have got it. ";
  if (answer.failure) return;
  const link = document.createElement("a");
  link.href = `/#${answer.conversation.id}`;
  link.target = "inbox";
  link.textContent = "See it in the Inbox";
  said.append(link);
}
