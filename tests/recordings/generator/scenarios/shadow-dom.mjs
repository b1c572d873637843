export const about = 'Custom elements with nested open shadow roots: working, dead, slotted and menu buttons, and a clock ticking inside a shadow root.';

export async function run(user) {
  await user.open('/shadow-dom.html');

  // One shadow root deep, then two.
  await user.click('#buy', { effect: 'dom', changes: '#bought' });
  await user.click('#wish', { effect: 'none', rest: 3300 });
  await user.burst('#more', { n: 5, gap: 170, effect: 'dom', changes: '#amount' });
  await user.click('#less', { effect: 'dom', changes: '#amount' });

  // A menu in the inner shadow root.
  await user.click('#menu-button', { effect: 'dom', changes: '#menu' });
  await user.click('#menu-gift', { effect: 'dom', changes: '#wrapping' });

  // Light DOM children shown in slots.
  await user.click('#slotted-live', { effect: 'dom', changes: '#list' });
  await user.click('#slotted-dead', { effect: 'none', rest: 2200 });

  // From here on the shadow roots are part of a full snapshot; before, they came as mutations.
  await user.checkout();
  await user.burst('#wish', { n: 4, gap: 180, effect: 'none', rest: 3300 });
  await user.burst('#slotted-dead', { n: 3, gap: 240, effect: 'none', rest: 3300 });
  await user.click('#menu-button', { effect: 'dom', changes: '#menu' });
  await user.click('#menu-bag', { effect: 'dom', changes: '#wrapping' });
}
