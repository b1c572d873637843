export const about = 'Tips come when the mouse is over a button and go when it is pressed: two of the buttons do nothing else.';

export async function run(user) {
  await user.open('/tips.html');
  await user.click('#cut', { effect: 'press', rest: 3400, unseen: 'the tip goes at the press' });
  await user.click('#paste', { effect: 'dom', changes: '#out' });
  await user.burst('#glue', { n: 4, gap: 230, effect: 'press', rest: 3400, unseen: 'the tip goes at the first press' });
  await user.click('#frame', { effect: 'dom', changes: '#out' });
  await user.hover('#cut');
  await user.burst('#paste', { n: 4, gap: 260, effect: 'dom', changes: '#out' });
}
