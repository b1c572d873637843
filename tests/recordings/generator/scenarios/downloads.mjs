export const about = 'Buttons that download: by a link of the page, by an anchor that a script adds and presses, and by one that is never part of the page.';

export async function run(user) {
  await user.open('/downloads.html');
  await user.click('#csv', { effect: 'outside', happens: 'download', rest: 3400 });
  await user.click('#archive', { effect: 'none', rest: 3400 });
  await user.click('#sort', { effect: 'dom', changes: '#rows' });
  await user.click('#report', { effect: 'outside', happens: 'download', unseen: 'nothing is recorded of an anchor that is not in the page', rest: 3400 });
  await user.click('#terms', { effect: 'outside', happens: 'download', rest: 3400 });
  await user.burst('#archive', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
