// The account: a single-page part of the shop, whose sections have addresses of their own.

import { person, signIn, signOut } from "./person.js";

const SECTIONS = {
  "/shop/account": () => "You have ordered nothing yet.",
  "/shop/account/addresses": () => "There is no address yet.",
  "/shop/account/points": () => "You have 120 points. Your member number is ",
};
/** Nobody's business but the visitor's. */
const MEMBER_NUMBER = "FH-4471-9032";

export function start() {
  const form = document.getElementById("sign-in");
  form.onsubmit = (event) => {
    event.preventDefault();
    signIn(form.elements.email.value);
    form.elements.password.value = "";
    show();
  };
  document.getElementById("sign-out").onclick = () => {
    signOut();
    show();
  };
  document.querySelector(".tabs").onclick = (event) => {
    if (event.target.tagName !== "A") return;
    event.preventDefault();
    history.pushState(null, "", event.target.href);
    show();
  };
  window.onpopstate = show;
  show();
}

function show() {
  const known = person();
  document.getElementById("sign-in").hidden = Boolean(known);
  document.getElementById("signed-in").hidden = !known;
  for (const tab of document.querySelectorAll(".tabs a")) {
    if (tab.pathname === location.pathname) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  const section = document.getElementById("section");
  section.textContent = (SECTIONS[location.pathname] ?? SECTIONS["/shop/account"])();
  if (!location.pathname.endsWith("/points")) return;
  const number = document.createElement("b");
  number.dataset.recaptMask = "";
  number.textContent = MEMBER_NUMBER;
  section.append(number);
}
