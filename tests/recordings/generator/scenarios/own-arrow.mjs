export const about = 'A gallery goes on by pressing the same arrow as the visitor.';

export async function run(user) {
  await user.open('/own-arrow.html');
  await user.idle(6000);
  await user.click('#print', { effect: 'none', rest: 3400 });
  await user.burst('#on', { n: 4, gap: 380, effect: 'dom', changes: '#number' });
  await user.click('#back', { effect: 'dom', changes: '#number', rest: 2000 });
  await user.click('#about', { effect: 'dom', changes: '#out' });
  await user.burst('#print', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
