export const about = 'A spinner and a bar beside a dead "Cancel" never stop.';

export async function run(user) {
  await user.open('/spinner.html');
  await user.idle(2500);
  await user.click('#cancel', { effect: 'none', rest: 3400 });
  await user.click('#details', { effect: 'dom', changes: '#out' });
  await user.burst('#cancel', { n: 5, gap: 230, effect: 'none', rest: 3400 });
  await user.burst('#rows-plus', { n: 4, gap: 230, effect: 'dom', changes: '#rows' });
  await user.click('#details', { effect: 'dom', changes: '#out' });
}
