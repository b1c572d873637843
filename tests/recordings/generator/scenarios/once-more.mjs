export const about = 'An answer goes on for two seconds, and is asked for again soon after it has ended.';

export async function run(user) {
  await user.open('/once-more.html');
  await user.click('#roll', { effect: 'dom', changes: '#pips', rest: 3300 });
  await user.click('#roll', { effect: 'dom', changes: '#pips', rest: 3600 });
  await user.click('#bet', { effect: 'none', rest: 3400 });
  await user.click('#roll', { effect: 'dom', changes: '#pips', rest: 2900 });
  await user.click('#rules', { effect: 'dom', changes: '#out' });
  await user.burst('#bet', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
