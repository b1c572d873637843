export const about = 'A strip of headlines is scrolled by a script; "Back to top" answers by scrolling only.';

export async function run(user) {
  await user.open('/marquee.html');
  await user.click('#mail', { effect: 'none', rest: 3400 });
  await user.click('#more', { effect: 'dom', changes: '#out' });
  await user.scroll(2400);
  await user.click('#share', { effect: 'none', rest: 3400 });
  await user.click('#up', { effect: 'scroll', sees: 'Math.round(scrollY)' });
  await user.burst('#mail', { n: 4, gap: 220, effect: 'none', rest: 3400 });
}
