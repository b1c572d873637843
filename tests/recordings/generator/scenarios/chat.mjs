export const about = 'Enter in a field sends a message, three times; the submit button is clicked once.';

export const browsers = ['chromium', 'firefox'];

export async function run(user) {
  await user.open('/chat.html');
  await user.click('#text', { effect: 'focus' });
  for (const [turn, text] of ['one kettle', 'blue', 'by post'].entries()) {
    await user.type('#text', text, { again: turn > 0 });
    await user.key('Enter');
  }
  await user.click('#attach', { effect: 'none', rest: 3400 });
  await user.click('#text', { effect: 'focus' });
  await user.type('#text', 'soon', { again: true });
  await user.click('#send', { effect: 'dom', changes: '#said' });
  await user.burst('#attach', { n: 3, gap: 230, effect: 'none', rest: 3400 });
}
