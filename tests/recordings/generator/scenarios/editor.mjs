export const about = 'Somebody types into an editable element for twelve seconds, without a mouse.';

export async function run(user) {
  await user.open('/editor.html');
  await user.click('#text', { effect: 'focus' });
  await user.type('#text', 'The first of the month is a good day to count the things that are there. ', { delay: 80 });
  await user.type('#text', 'It took all of an evening, and the dog helped.', { delay: 90, again: true });
  await user.click('#bold', { effect: 'dom', changes: '#bold' });
  await user.click('#picture', { effect: 'none', rest: 3400 });
  await user.click('#send', { effect: 'dom', changes: '#posts' });
  await user.burst('#picture', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
