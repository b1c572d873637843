export const about = 'A disabled button is pressed again and again: presses that make no click.';

export const notes = [
  'Presses of a disabled button make no click. Whether they are anger is for a figure of their own.',
];

export async function run(user) {
  await user.open('/disabled.html');
  await user.pressInVain('#pay', { n: 5, gap: 260, rest: 2500 });
  await user.click('#gift', { effect: 'none', rest: 3400 });
  await user.click('#agree-label', { effect: 'input', changes: '#pay' });
  await user.click('#pay', { effect: 'dom', changes: '#out' });
  await user.burst('#gift', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
