export const about = 'The answer is drawn on a canvas, of which nothing is recorded.';

export async function run(user) {
  await user.open('/canvas.html');
  await user.click('#in', { effect: 'outside', sees: 'scaleNow()', rest: 3400 });
  await user.burst('#in', { n: 5, gap: 220, effect: 'outside', sees: 'scaleNow()', rest: 3400 });
  await user.burst('#map', { n: 4, gap: 230, effect: 'outside', sees: 'scaleNow()', rest: 3400 });
  await user.click('#out', { effect: 'outside', sees: 'scaleNow()', rest: 3400 });
  await user.click('#list', { effect: 'dom', changes: '#shown' });
}
