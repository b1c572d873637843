// The basket, which this browser keeps; and its page.

const KEY = "fernhill.basket";

/** How many there are of each product. */
function read() {
  return JSON.parse(localStorage.getItem(KEY) ?? "{}");
}

function write(basket) {
  localStorage.setItem(KEY, JSON.stringify(basket));
  window.dispatchEvent(new Event("basket"));
}

export function add(product, quantity) {
  const basket = read();
  write({ ...basket, [product]: (basket[product] ?? 0) + quantity });
}

export function empty() {
  write({});
}

/** How many things are in it. */
export function count() {
  return Object.values(read()).reduce((sum, quantity) => sum + quantity, 0);
}

export function start() {
  show();
  document.getElementById("basket").onclick = ({ target }) => {
    if (target.tagName !== "BUTTON") return;
    const { [target.closest("li").dataset.product]: _, ...rest } = read();
    write(rest);
    show();
  };
}

function show() {
  const basket = read();
  for (const line of document.querySelectorAll("#basket li")) {
    const quantity = basket[line.dataset.product];
    line.hidden = !quantity;
    line.querySelector(".quantity").textContent = quantity ?? "";
  }
  document.getElementById("basket-empty").hidden = count() > 0;
  document.getElementById("to-checkout").hidden = count() === 0;
}
