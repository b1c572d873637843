export const about = 'A confirm() and a prompt() are declined; the mouse was moving before, and what it did is told late.';

export async function run(user) {
  user.answerDialogs(3600);
  await user.open('/read-aloud.html');
  await user.wander('#remove');
  await user.click('#remove', { effect: 'outside', rest: 2400 });
  await user.wander('#invite');
  await user.click('#invite', { effect: 'none', rest: 3400 });
  await user.click('#count', { effect: 'dom', changes: '#sum' });
  await user.wander('#rename');
  await user.click('#rename', { effect: 'outside', rest: 2400 });
  await user.wander('#invite');
  await user.burst('#invite', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
