export const about = 'Labels of boxes and fields on a page whose handlers take 150 ms, so that the second click of a label comes late.';

export const browsers = ['chromium', 'firefox'];

export async function run(user) {
  await user.open('/labels.html');
  await user.click('#olives-label', { effect: 'input', changes: '#price' });
  await user.click('#cheese-label', { effect: 'input', changes: '#price' });
  await user.click('#large-label', { effect: 'input', changes: '#price' });
  await user.burst('#olives-label', { n: 4, gap: 420, effect: 'input', changes: '#price' });
  await user.click('#voucher', { effect: 'none', rest: 3400 });
  await user.click('#name-label', { effect: 'focus' });
  await user.type('#name', 'Mo');
  await user.burst('#voucher', { n: 4, gap: 300, effect: 'none', rest: 3400 });
}
