export const about = "Somebody else's script throws every 1.3 s and logs an error every 2.9 s.";

export const browsers = ['chromium', 'firefox'];

export async function run(user) {
  await user.open('/broken-widget.html');
  await user.click('#book', { effect: 'none', rest: 3400 });
  await user.click('#price', { effect: 'error', rest: 2200 });
  await user.click('#map', { effect: 'dom', changes: '#out' });
  await user.burst('#book', { n: 4, gap: 210, effect: 'none', rest: 3400 });
  await user.click('#terms', { effect: 'dom', changes: '#out' });
  await user.burst('#guests-plus', { n: 4, gap: 200, effect: 'dom', changes: '#guests' });
}
