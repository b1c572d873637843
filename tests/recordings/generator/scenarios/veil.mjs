export const about = 'A veil lies over the page every four seconds, and also while an answer is loaded.';

export async function run(user) {
  await user.open('/veil.html');
  await user.idle(7500);
  await user.click('#watch', { effect: 'none', rest: 4200 });
  await user.click('#seats', { effect: 'dom', changes: '#out' });
  await user.click('#search', { effect: 'dom', changes: '#flights', delayMs: 1800 });
  await user.burst('#watch', { n: 4, gap: 220, effect: 'none', rest: 4400 });
}
