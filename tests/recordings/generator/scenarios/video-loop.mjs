export const about = 'A muted clip begins by itself and loops every 1.5 s; one button plays another sound.';

export const browsers = ['chromium', 'firefox'];

export async function run(user) {
  await user.open('/video-loop.html');
  await user.click('#notify', { effect: 'none', rest: 3400 });
  await user.click('#slate', { effect: 'dom', changes: '#colour' });
  await user.click('#listen', { effect: 'outside', sees: 'document.getElementById("sound").paused', rest: 2200 });
  await user.click('#listen', { effect: 'outside', sees: 'document.getElementById("sound").paused', rest: 2200 });
  await user.burst('#gift', { n: 4, gap: 240, effect: 'none', rest: 3400 });
  await user.idle(14000); // only the clip goes on
}
