export const about = 'A page scrolls by itself every 2.1 s while nobody is there.';

export async function run(user) {
  await user.open('/kiosk.html');
  await user.click('#ticket', { effect: 'none', rest: 3400 });
  await user.click('#platform', { effect: 'dom', changes: '#out' });
  await user.burst('#ticket', { n: 3, gap: 260, effect: 'none', rest: 3400 });
  await user.idle(13000);
}
