export const about = 'A slide show goes on by pressing its own dots with a script.';

export async function run(user) {
  await user.open('/own-dots.html');
  await user.idle(4000);
  await user.click('#plans', { effect: 'dom', changes: '#out' });
  await user.click('#demo', { effect: 'none', rest: 3400 });
  await user.click('#dot-0', { effect: 'dom', debatable: 'the slide show may go on at the same moment', rest: 2500 });
  await user.burst('#demo', { n: 4, gap: 230, effect: 'none', rest: 3400 });
  await user.burst('#plans', { n: 4, gap: 300, effect: 'dom', changes: '#out' });
}
