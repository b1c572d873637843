export const about = 'Anchors that stand for buttons: `#`, `javascript:`, a role; some do something, some lead somewhere.';

export const browsers = ['chromium', 'firefox'];

export const places = ['#', '#terms'];

export async function run(user) {
  await user.open('/anchors.html');
  await user.click('#photos', { effect: 'none', rest: 3400 });
  await user.click('#video', { effect: 'none', rest: 3400 });
  await user.click('#rooms', { effect: 'dom', changes: '#list' });
  await user.click('#map', { effect: 'none', rest: 3400 });
  await user.burst('#share', { n: 4, gap: 230, effect: 'none', rest: 3400 });
  await user.click('#to-terms', { effect: 'scroll', sees: 'Math.round(scrollY)' });
  await user.scroll(-2400);
  await user.click('#contact', { effect: 'navigate', rest: 2500 });
}
