export const about = 'Routes in the fragment, with and without a slash.';

export async function run(user) {
  await user.open('/hash-routes.html');
  await user.click('#orders', { effect: 'route', rest: 2000 });
  await user.click('#print', { effect: 'none', rest: 3400 });
  await user.click('#stock', { effect: 'route', rest: 2000 });
  await user.click('#note', { effect: 'dom', changes: '#out' });
  await user.click('#first', { effect: 'route', rest: 2000 });
  await user.burst('#print', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
