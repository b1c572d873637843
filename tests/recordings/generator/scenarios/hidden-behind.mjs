export const about = 'Something that nobody sees lies over the buttons for nine seconds.';

export async function run(user) {
  await user.open('/hidden-behind.html');
  const unseen = 'the click reaches what lies over the button';
  await user.burst('#offer', { n: 4, gap: 260, effect: 'none', unseen, rest: 7000 });
  await user.click('#offer', { effect: 'dom', changes: '#out' });
  await user.click('#call', { effect: 'none', rest: 3400 });
  await user.burst('#call', { n: 3, gap: 230, effect: 'none', rest: 3400 });
}
