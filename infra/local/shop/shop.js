// What every page of the shop does; what is one page's alone stands in a file of its own.

import * as account from "./account.js";
import * as basket from "./basket.js";
import * as checkout from "./checkout.js";
import { startMessenger } from "./messenger.js";
import { tell } from "./person.js";
import * as product from "./product.js";

const PAGES = { ".product": product, "#basket": basket, "#checkout": checkout, "#sign-in": account };

showCount();
window.addEventListener("basket", showCount);
tell();
startMessenger();
for (const [selector, page] of Object.entries(PAGES)) {
  if (document.querySelector(selector)) page.start();
}

function showCount() {
  document.getElementById("basket-count").textContent = basket.count() || "";
}
