export const about = 'Analytics send a beacon at every press and a pixel at every click.';

export async function run(user) {
  await user.open('/beacons.html');
  await user.click('#text', { effect: 'text' });
  await user.click('#reserve', { effect: 'none', rest: 3400 });
  await user.click('#colour', { effect: 'dom', changes: '#shown' });
  await user.burst('#notify', { n: 5, gap: 240, effect: 'none', rest: 3400 });
  await user.burst('#colour', { n: 4, gap: 260, effect: 'dom', changes: '#shown' });
}
