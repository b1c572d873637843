export const about = 'Requests that the page gives up while somebody types, and ones of which nothing is to be known; some fail.';

export const notes = [
  'Only the 404 and the refused request failed.',
];

export async function run(user) {
  await user.open('/typing-ahead.html');
  await user.click('#text', { effect: 'text' });
  await user.click('#place', { effect: 'focus' });
  await user.type('#place', 'turin', { delay: 160 });
  await user.read(1500);
  await user.click('#book', { effect: 'none', rest: 3400 });
  await user.click('#nearby', { effect: 'network', rest: 2500 });
  await user.click('#weather', { effect: 'dom', changes: '#out', rest: 2500 });
  await user.burst('#book', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
