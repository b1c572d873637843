export const about = 'Errors of every kind: thrown at once and later, a text, a rejection, a reported exception; and one that is only logged.';

export const browsers = ['chromium', 'firefox'];

export async function run(user) {
  await user.open('/thrown.html');
  await user.click('#sum', { effect: 'error', rest: 2200 });
  await user.click('#later', { effect: 'error', rest: 2200 });
  await user.click('#reject', { effect: 'rejection', rest: 2200 });
  await user.click('#text', { effect: 'error', rest: 2200 });
  await user.click('#log', { effect: 'dom', changes: '#out', rest: 2200 });
  await user.click('#report', { effect: 'error', rest: 2200 });
  await user.click('#clear', { effect: 'dom', changes: '#out' });
  await user.click('#undo', { effect: 'none', rest: 3400 });
}
