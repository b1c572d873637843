export const about = 'Steppers count masked fields up by a script: the mask stays what it was.';

export async function run(user) {
  await user.open('/amounts.html');
  await user.burst('#more', { n: 5, gap: 240, effect: 'dom', sees: 'document.getElementById("amount").value', rest: 2200 });
  await user.click('#less', { effect: 'dom', sees: 'document.getElementById("amount").value', rest: 3400 });
  await user.burst('#ten', { n: 3, gap: 280, effect: 'dom', sees: 'document.getElementById("value").value', rest: 3400 });
  await user.click('#total', { effect: 'dom', changes: '#sum' });
  await user.click('#later', { effect: 'none', rest: 3400 });
  await user.burst('#later', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
