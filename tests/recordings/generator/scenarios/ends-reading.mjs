export const about = 'A visit on a phone that ends with half a minute of quiet reading.';

export const phone = true;

export async function run(user) {
  await user.open('/article.html');
  await user.click('#listen', { effect: 'none', rest: 3400 });
  await user.click('#more', { effect: 'dom', changes: '#out' });
  await user.burst('#listen', { n: 3, gap: 260, effect: 'none', rest: 3400 });
  await user.click('#more', { effect: 'dom', changes: '#out' });
  await user.idle(12000);
}
