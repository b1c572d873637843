export const about = 'Placeholders pulse for ever; "Refresh" is dead.';

export async function run(user) {
  await user.open('/skeleton.html');
  await user.idle(2500);
  await user.click('#refresh', { effect: 'none', rest: 3400 });
  await user.click('#write', { effect: 'dom', changes: '#draft' });
  await user.burst('#refresh', { n: 4, gap: 240, effect: 'none', rest: 3400 });
  await user.click('#write', { effect: 'dom', changes: '#draft' });
  await user.click('#refresh', { effect: 'none', rest: 3400 });
}
