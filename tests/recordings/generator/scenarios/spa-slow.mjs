export const about = 'A single-page app with slow responses, errors, failed requests, a click during a page load, a long idle, scrolling and resizing.';

export async function run(user) {
  await user.open('/spa/home');
  await user.click('#to-orders', { effect: 'route', changes: '#title', rest: 1000 });

  // Slow: by timers, impatiently, and by a slow server.
  await user.click('#sync', { effect: 'dom', changes: '#synced', delayMs: 5000, rest: 500 });
  await user.burst('#export', { n: 4, gap: 250, effect: 'dom', changes: '#exported', delayMs: 4000, rest: 4200 });
  await user.click('#load', { effect: 'dom', changes: '#loaded', delayMs: 2500, rest: 500 });

  await user.click('#to-reports', { effect: 'route', changes: '#title', rest: 1100 });
  await user.click('#crash', { effect: 'error' });
  await user.click('#reject', { effect: 'rejection' });
  await user.click('#log-error', { effect: 'console.error' });
  await user.click('#log-warning', { effect: 'console.warn', rest: 2000 });
  await user.click('#missing', { effect: 'network' });
  await user.click('#failing', { effect: 'network' });
  await user.burst('#copies-plus', { n: 4, gap: 180, effect: 'dom', changes: '#copies' });
  await user.burst('#print', { n: 4, gap: 200, effect: 'none', rest: 1500 });

  await user.idle(35000);
  await user.scroll(1000);
  await user.scroll(-1000);
  await user.resize(1000, 700);
  await user.back();

  // The next page takes 1.5 s to arrive; the old one still works meanwhile.
  const copies = await user.find('#copies-plus');
  await user.click('#to-help', { effect: 'navigate', rest: 400 });
  await user.click('#copies-plus', { at: copies, effect: 'dom', rest: 2200 });
  await user.click('#answer', { effect: 'dom', changes: '#text' });
  await user.click('#call', { effect: 'none', rest: 3300 });
  // A recording that ends right after a click cannot tell that nothing came of it.
  await user.hover('#answer');
}
