export const about = 'Every click, whatever was clicked, is told to two collectors by a request.';

export const notes = [
  "The collectors' requests are no sign that a button did something: they follow clicks on plain text, too.",
];

export async function run(user) {
  await user.open('/collector.html');
  await user.click('#text', { effect: 'text' });
  await user.click('#raise', { effect: 'dom', changes: '#limit' });
  await user.click('#close', { effect: 'none', rest: 3400 });
  await user.burst('#freeze', { n: 4, gap: 220, effect: 'none', rest: 3600 });
  await user.click('#report', { effect: 'dom', changes: '#out', delayMs: 4300 });
  await user.click('#save', { effect: 'network', rest: 3300 });
}
