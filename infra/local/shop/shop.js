// What every page of the shop does; what is one page's alone stands in a file of its own.

import { count } from "./basket.js";
import { startMessenger } from "./messenger.js";
import { tell } from "./person.js";

const PAGES = { "[data-product] #add": "product", "#basket": "basket", "#checkout": "checkout", "#sign-in": "account" };

showCount();
window.addEventListener("basket", showCount);
tell();
startMessenger();
for (const [selector, page] of Object.entries(PAGES)) {
  if (document.querySelector(selector)) import(`./${page}.js`).then(({ start }) => start());
}

function showCount() {
  document.getElementById("basket-count").textContent = count() || "";
}
