// A product's page. "Add to wishlist" does nothing, "Compare" throws, the two requests fail: for the recorder
// to see.

import { add } from "./basket.js";
import { recapt } from "./recapt.js";

export function start() {
  const $ = (id) => document.getElementById(id);
  const { product } = document.querySelector("[data-product]").dataset;
  recapt("track", "Product Viewed", { product });
  let quantity = 1;
  const step = (by) => {
    quantity = Math.max(1, quantity + by);
    $("quantity").textContent = quantity;
  };
  const say = (text) => { $("said").textContent = text; };

  $("fewer").onclick = () => step(-1);
  $("more").onclick = () => step(1);
  $("add").onclick = () => {
    add(product, quantity);
    recapt("track", "Product Added", { product, quantity });
    say(`${quantity} in your basket.`);
  };
  $("compare").onclick = () => undefined.products;
  $("stock").onclick = async () => {
    say("Looking …");
    const answer = await fetch(`/shop/api/stock/${product}`);
    if (!answer.ok) say("Our shops cannot be asked right now.");
  };
  $("reviews").onclick = async () => {
    const answer = await fetch(`/shop/api/reviews/${product}`);
    if (!answer.ok) say("There are no reviews yet.");
  };
}
