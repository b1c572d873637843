export const about = 'A button reloads the page at the same address.';

export const notes = [
  'A new document under the same address is an answer. It is no other page.',
];

export async function run(user) {
  await user.open('/reload.html');
  await user.click('#picture', { effect: 'none', rest: 3400 });
  await user.click('#save', { effect: 'navigate', rest: 3000 });
  await user.click('#edit', { effect: 'dom', changes: '#out' });
  await user.burst('#picture', { n: 4, gap: 230, effect: 'none', rest: 3400 });
  await user.click('#save', { effect: 'navigate', rest: 3000 });
}
