export const about = 'A script moves the focus between two fields every 1.8 s; one button answers by focusing a third.';

export async function run(user) {
  await user.open('/wandering-focus.html');
  await user.idle(4500);
  await user.click('#skip', { effect: 'none', rest: 3400 });
  await user.click('#hint', { effect: 'dom', changes: '#out' });
  await user.burst('#skip', { n: 4, gap: 230, effect: 'none', rest: 3400 });
  await user.click('#answer', { effect: 'focus', unseen: 'the focus wanders anyway', rest: 2500 });
}
