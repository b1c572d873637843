export const about = 'Effects outside of the page: another window, print, copy, a sound, full screen.';

export async function run(user) {
  await user.open('/windows.html');
  const unseen = 'nothing is recorded of it';
  await user.click('#heart', { effect: 'none', rest: 3400 });
  await user.click('#servings', { effect: 'dom', changes: '#count' });
  await user.click('#print', { effect: 'outside', sees: 'told', unseen, rest: 3400 });
  await user.click('#copy', { effect: 'outside', sees: 'told', unseen, rest: 3400 });
  await user.click('#bell', { effect: 'outside', sees: 'told', unseen, rest: 3400 });
  await user.click('#cook', { effect: 'outside', sees: 'Boolean(document.fullscreenElement)', unseen, rest: 3400 });
  await user.click('#cook', { effect: 'outside', sees: 'Boolean(document.fullscreenElement)', unseen, rest: 3400 });
  await user.click('#chat', { effect: 'outside', happens: 'popup', unseen, rest: 3400 });
}
