export const about = 'What moves by itself, the buttons and what they change stand side by side in one element.';

export async function run(user) {
  await user.open('/flat.html');
  await user.idle(3000);
  await user.click('#details', { effect: 'dom', changes: '#list' });
  await user.click('#stop', { effect: 'none', rest: 3400 });
  await user.burst('#faster', { n: 5, gap: 210, effect: 'dom', changes: '#threads' });
  await user.click('#folders', { effect: 'dom', changes: '#folders' });
  await user.burst('#stop', { n: 4, gap: 240, effect: 'none', rest: 3400 });
  await user.click('#details', { effect: 'dom', changes: '#list' });
}
