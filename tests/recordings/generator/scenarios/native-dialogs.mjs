export const about = 'A confirm() is read for four seconds and declined, an alert() is read for two.';

export async function run(user) {
  const unseen = 'nothing is recorded while a dialog of the browser is open';
  user.answerDialogs(4000);
  await user.open('/native-dialogs.html');
  await user.click('#pin', { effect: 'none', rest: 3400 });
  await user.click('#delete', { effect: 'outside', rest: 2400, unseen });
  await user.click('#add', { effect: 'dom', changes: '#notes' });
  user.answerDialogs(2000);
  await user.click('#about', { effect: 'outside', rest: 2400, unseen });
  await user.burst('#pin', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
