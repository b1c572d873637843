export const about = 'Hidden frames and a messenger of other sites: what is pressed elsewhere has nothing to do with them.';

export async function run(user) {
  await user.open('/small-frames.html');
  await user.click('#remind', { effect: 'none', rest: 3400 });
  await user.click('#water', { effect: 'dom', changes: '#out' });
  await user.burst('#remind', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
