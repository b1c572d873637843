export const about = 'Buttons are pressed with Enter and Space; Enter in a field sends the form.';

export const notes = [
  'A key on the focused button is a click of the visitor; the click that Enter in a field makes on the submit button is none.',
];

export const browsers = ['chromium', 'firefox'];

export async function run(user) {
  await user.open('/keys.html');
  await user.click('#query', { effect: 'focus' });
  await user.type('#query', 'lamp');
  await user.key('Enter'); // sends the form: nobody clicked
  await user.key('Tab');
  await user.clickByKey('#go', 'Enter', { effect: 'dom', changes: '#found' });
  await user.key('Tab');
  await user.clickByKey('#hold', 'Enter', { effect: 'none', rest: 3400 });
  await user.clickByKey('#hold', 'Space', { effect: 'none', rest: 3400 });
  await user.key('Tab');
  await user.clickByKey('#assign', 'Space', { effect: 'dom', changes: '#owner' });
  await user.key('Tab');
  await user.clickByKey('#label', 'Enter', { effect: 'dom', changes: '#label' });
  await user.burst('#hold', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
