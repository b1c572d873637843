export const about = 'A page asks its server every second; some buttons beside that are dead.';

export async function run(user) {
  await user.open('/poll.html');
  await user.click('#ship', { effect: 'none', rest: 3400 });
  await user.click('#totals', { effect: 'dom', changes: '#out' });
  await user.burst('#boxes-plus', { n: 5, gap: 200, effect: 'dom', changes: '#boxes' });
  await user.burst('#ship', { n: 4, gap: 230, effect: 'none', rest: 3400 });
  await user.click('#sync', { effect: 'network', rest: 3300 });
  await user.click('#recount', { effect: 'dom', changes: '#orders', delayMs: 4200 });
}
