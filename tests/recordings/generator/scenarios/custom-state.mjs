export const about = 'Switches that show their state by ElementInternals only.';

export async function run(user) {
  await user.open('/custom-state.html');
  const isOn = (id) => `document.getElementById("${id}").matches(":state(on)")`;
  await user.click('#kitchen', { effect: 'outside', sees: isOn('kitchen'), rest: 3400 });
  await user.click('#night', { effect: 'none', rest: 3400 });
  await user.burst('#hall', { n: 4, gap: 300, effect: 'outside', sees: isOn('hall'), rest: 3400 });
  await user.click('#all', { effect: 'dom', changes: '#out' });
  await user.burst('#night', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
