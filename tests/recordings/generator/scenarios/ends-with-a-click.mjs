export const about = 'A visit that ends a fifth of a second after a click on a dead button.';

export const ending = 200;

export async function run(user) {
  await user.open('/article.html');
  await user.click('#more', { effect: 'dom', changes: '#out' });
  await user.click('#listen', { effect: 'none', rest: 3400 });
  await user.burst('#listen', { n: 4, gap: 240, effect: 'none', rest: 3400 });
  await user.click('#listen', { effect: 'none', debatable: 'nobody knows what would have come', rest: 0 });
}
