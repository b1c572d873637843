export const about = 'What was done is told in batches, 600 ms after the last of it, and a pixel is loaded every four seconds.';

export async function run(user) {
  await user.open('/late-collector.html');
  await user.click('#text', { effect: 'text', rest: 2000 });
  await user.click('#hours', { effect: 'dom', changes: '#out', rest: 2000 });
  await user.scroll(300);
  await user.scroll(-300);
  await user.click('#tickets', { effect: 'none', rest: 3400 });
  await user.click('#text', { effect: 'text', rest: 2000 });
  await user.burst('#tour', { n: 4, gap: 240, effect: 'none', rest: 3400 });
  await user.click('#guide', { effect: 'network', rest: 3400 });
  await user.click('#tickets', { effect: 'none', rest: 3400 });
}
