export const about = 'A banner goes on by itself every two seconds, and at once when its arrows are pressed.';

export async function run(user) {
  await user.open('/banner.html');
  await user.idle(4500);
  await user.burst('#next', { n: 5, gap: 280, effect: 'dom', changes: '#position' });
  await user.click('#club', { effect: 'none', rest: 3400 });
  await user.click('#size', { effect: 'dom', changes: '#out' });
  await user.click('#previous', { effect: 'dom', changes: '#position', rest: 2600 });
  await user.burst('#club', { n: 4, gap: 220, effect: 'none', rest: 3400 });
}
