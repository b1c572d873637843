// Who is signed in; any password will do. The recorder and the Messenger are told on every page, as a
// customer's site tells them.

import { recapt } from "./recapt.js";

const KEY = "fernhill.person";

/** `{ email, user_id }`; null when nobody is signed in. */
export function person() {
  return JSON.parse(localStorage.getItem(KEY) ?? "null");
}

export function signIn(email) {
  localStorage.setItem(KEY, JSON.stringify({ email, user_id: `fernhill-${email}` }));
  tell();
}

export function signOut() {
  localStorage.removeItem(KEY);
  recapt("reset");
  window.Intercom?.("shutdown");
}

export function tell() {
  const known = person();
  if (known) recapt("identify", known);
}
