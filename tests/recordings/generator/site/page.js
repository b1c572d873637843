// Helpers shared by the demo pages.

export const $ = (selector, root = document) => root.querySelector(selector);

export const onClick = (selector, handler) => $(selector).addEventListener('click', handler);

export function addItem(list, text) {
  const item = document.createElement('li');
  item.textContent = text;
  $(list).append(item);
}

/** A counter between two buttons, `#<name>-minus` and `#<name>-plus`, shown in `#<name>`. */
export function stepper(name) {
  const step = (by) => () => { $(`#${name}`).textContent = Number($(`#${name}`).textContent) + by; };
  onClick(`#${name}-minus`, step(-1));
  onClick(`#${name}-plus`, step(1));
}
