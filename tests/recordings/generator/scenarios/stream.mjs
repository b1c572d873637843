export const about = 'An answer comes word by word for seven seconds; meanwhile some buttons work and some are dead.';

export const notes = [
  'The request that is stopped has been answered: it did not fail.',
];

export async function run(user) {
  await user.open('/stream.html');
  await user.click('#share', { effect: 'none', rest: 3400 });
  await user.click('#ask', { effect: 'dom', changes: '#answer', rest: 1800 });
  await user.click('#share', { effect: 'none', rest: 3400 });
  await user.click('#theme', { effect: 'dom', changes: 'body', rest: 2500 });
  await user.click('#ask', { effect: 'dom', changes: '#answer', rest: 2200 });
  await user.click('#stop', { effect: 'dom', changes: '#answer', rest: 2000 });
  await user.burst('#share', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
