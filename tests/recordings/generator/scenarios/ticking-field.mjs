export const about = 'A script fills in two fields every second; nobody is there for a quarter of a minute.';

export async function run(user) {
  await user.open('/ticking-field.html');
  await user.click('#tariff', { effect: 'none', rest: 3400 });
  await user.click('#bill', { effect: 'dom', changes: '#out' });
  await user.click('#reading', { effect: 'focus' });
  await user.type('#reading', '4711');
  await user.burst('#tariff', { n: 4, gap: 230, effect: 'none', rest: 3400 });
  await user.idle(13000);
}
