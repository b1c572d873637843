export const about = 'Taps on a phone beside a clock and a request every two seconds.';

export const phone = true;

export async function run(user) {
  await user.open('/phone-shop.html');
  await user.click('#wish', { effect: 'none', rest: 3400 });
  await user.click('#burger', { effect: 'dom', changes: '#menu' });
  await user.burst('#wish', { n: 4, gap: 260, effect: 'none', rest: 3400 });
  await user.burst('#boxes-plus', { n: 5, gap: 260, effect: 'dom', changes: '#boxes' });
  await user.click('#gift-label', { effect: 'input' });
  await user.click('#buy', { effect: 'dom', changes: '#out', delayMs: 3800, rest: 2500 });
}
