export const about = 'A booking form: labels, choices, text selection, validation, and secrets in fields, a link, the console and an error.';

export const notes = ['A click on the text of a wrapping label makes a second, synthetic click on its input; it is not counted in recordedClicks.'];

export async function run(user) {
  user.keepSecret('resume-key-7301', 'max.muster@example.org', '4012 8888 8888 1881', '0123456789abcdef0123456789abcdef');
  await user.open('/forms.html');

  // Submitting too early shows a message. The date is stepped quickly.
  await user.click('#submit', { effect: 'dom', changes: '#problems', rest: 1100 });
  await user.burst('#day-plus', { n: 6, gap: 160, effect: 'dom', changes: '#day' });

  await user.click('#name', { effect: 'focus', rest: 200 });
  await user.type('#name', 'Erika Musterfrau', { secret: true });
  await user.click('#email-label', { effect: 'focus', rest: 200 });
  await user.type('#email', 'erika@example.net', { secret: true });
  await user.click('#password', { effect: 'focus', rest: 200 });
  await user.type('#password', 'correct-horse', { secret: true });
  await user.click('#card', { effect: 'focus', rest: 200 });
  await user.type('#card', '5555555555554444', { secret: true });
  await user.click('#notes', { effect: 'focus', rest: 200 });
  await user.type('#notes', 'allergic to feathers', { secret: true });

  // Triple clicks select text; nobody is angry.
  await user.burst('#name', { n: 3, gap: 150, effect: 'select-text' });
  await user.burst('#lead', { n: 3, gap: 150, effect: 'select-text' });

  await user.click('#terms-label', { effect: 'input' });
  await user.click('#news', { effect: 'input' });
  await user.burst('#news-label', { n: 2, gap: 400, effect: 'input' });
  await user.click('#double-label', { effect: 'input' });
  await user.page.focus('#country');
  await user.key('ArrowDown');

  await user.click('#voucher', { effect: 'none', rest: 2200 });
  await user.click('#submit', { effect: 'dom', changes: '#problems' });
  await user.burst('#voucher', { n: 4, gap: 180, effect: 'none', rest: 3300 });
  await user.click('#lookup', { effect: 'none', rest: 1800, debatable: 'only the browser responds: it focuses the required field and shows its own bubble' });

  await user.click('#log-contact', { effect: 'console.error' });
  await user.click('#throw-token', { effect: 'error' });
  await user.click('#resume', { effect: 'navigate', rest: 1800 });
}
