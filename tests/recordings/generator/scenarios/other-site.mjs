export const about = "A button changes what another site's frame shows; clicks in the frame are not recorded.";

export const notes = [
  'A click in the frame is no click of this page: nothing of it is recorded.',
];

export async function run(user) {
  await user.open('/other-site.html');
  await user.click('#next', { effect: 'outside', sees: 'answered', rest: 3400 });
  await user.burst('#next', { n: 4, gap: 300, effect: 'outside', sees: 'answered', rest: 3400 });
  await user.click('#notes', { effect: 'dom', changes: '#out' });
  await user.pressInVain('#slides', { n: 2, gap: 700 });
  await user.click('#notes', { effect: 'dom', changes: '#out' });
}
