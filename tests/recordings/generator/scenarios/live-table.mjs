export const about = 'A table of 60 rows where one price changes every 250 ms: sorting, expanding rows, and a dead toolbar button.';

export const notes = ['The detail rows open inside the moving table.'];

export async function run(user) {
  await user.open('/live-table.html');

  await user.click('#download', { effect: 'none', rest: 3300 });
  await user.click('#filter', { effect: 'dom', changes: '#filter-state' });
  await user.click('#expand-3', { effect: 'dom', changes: '#row-3 + tr', rest: 2000 });
  await user.burst('#page-plus', { n: 5, gap: 170, effect: 'dom', changes: '#page' });
  await user.burst('#download', { n: 5, gap: 170, effect: 'none', rest: 3300 });
  await user.click('#sort-price', { effect: 'none', rest: 3300 });
  await user.click('#expand-5', { effect: 'dom', changes: '#row-5 + tr', rest: 2000 });
  await user.click('#sort', { effect: 'dom', changes: '#rows > tr:first-child', rest: 3000 });
}
