export const about = 'A text changes every six seconds: longer than the background is watched.';

export async function run(user) {
  await user.open('/quotes.html');
  for (const target of ['#club', '#store', '#reserve', '#club']) await user.click(target, { effect: 'none', rest: 3500 });
  await user.click('#size', { effect: 'dom', changes: '#out', delayMs: 900 });
  await user.burst('#store', { n: 3, gap: 300, effect: 'none', rest: 3600 });
}
