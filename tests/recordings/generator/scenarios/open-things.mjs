export const about = 'Popovers, a menu that opens by :focus-within, details, a dialog: most open without a change of the page.';

export const browsers = ['chromium', 'firefox'];

export async function run(user) {
  await user.open('/open-things.html');
  await user.click('#bell', { effect: 'outside', sees: 'document.getElementById("notices").matches(":popover-open")', rest: 2500 });
  await user.key('Escape');
  await user.click('#help', { effect: 'outside', sees: 'document.getElementById("tips").matches(":popover-open")', rest: 2500 });
  await user.key('Escape');
  await user.click('#view', { effect: 'outside', sees: 'getComputedStyle(document.querySelector(".within ul")).display', rest: 3300 });
  await user.click('#star', { effect: 'dom', changes: '#star' });
  await user.click('#archive', { effect: 'none', rest: 3400 });
  await user.click('#summary', { effect: 'dom', changes: '#about' });
  await user.click('#ask', { effect: 'dom', sees: 'document.getElementById("sure").open' });
  await user.click('#no', { effect: 'dom', sees: 'document.getElementById("sure").open' });
  await user.burst('#archive', { n: 4, gap: 230, effect: 'none', rest: 3400 });
}
