export const about = 'Menus, listboxes and tabs that respond on press instead of click, and a hover menu; first on a quiet page, then with a clock ticking.';

export const notes = ['The response to these controls comes before their click event, by about 40 ms.'];

export async function run(user) {
  await user.open('/menus.html');
  await useMenus(user);
  await user.burst('#zoom-plus', { n: 5, gap: 170, effect: 'dom', changes: '#zoom' });
  await user.click('#settings', { effect: 'none', rest: 3300 });

  await user.click('#to-live', { effect: 'navigate', rest: 2600 });
  await useMenus(user);
  await user.click('#settings', { effect: 'none', rest: 3300 });
  await user.burst('#settings', { n: 4, gap: 180, effect: 'none', rest: 3300 });
}

async function useMenus(user) {
  await user.click('#file', { effect: 'dom', changes: '#file-menu', rest: 900 });
  await user.click('#file-new', { effect: 'dom', changes: '#documents', rest: 900 });
  await user.click('#file', { effect: 'dom', changes: '#file-menu', rest: 900 });
  await user.click('#intro', { effect: 'dom', changes: '#file-menu', rest: 900 }); // outside: closes the menu

  await user.click('#colour', { effect: 'dom', changes: 'body', rest: 900 });
  await user.click('#option-green', { effect: 'dom', changes: '#paint', rest: 900 });
  await user.click('#tab-two', { effect: 'dom', changes: '#panel', rest: 900 });
  await user.click('#tab-one', { effect: 'dom', changes: '#panel', rest: 900 });

  await user.hover('#more');
  await user.click('#more-help', { effect: 'dom', changes: '#help', rest: 900 });
  await user.click('#more', { effect: 'none', rest: 1500, debatable: 'the click does nothing, but the menu it would open is already open from hovering' });
}
