export const about = 'A page that never stops moving: clock, countdown, live feed and spinner, with dead and working buttons in and outside of them.';

export const notes = ['No control responds inside a moving area: working ones change text elsewhere or a quiet list.'];

export async function run(user) {
  await user.open('/busy-ticker.html');

  // Beside the feed, the countdown and the clock.
  await user.click('#pause-feed', { effect: 'none', rest: 3300 });
  await user.click('#count-seen', { effect: 'dom', changes: '#seen-count' });
  await user.click('#claim-offer', { effect: 'none', rest: 2000 });
  await user.click('#remind-me', { effect: 'dom', changes: '#reminder' });
  await user.click('#clock-zone', { effect: 'none', rest: 3300 });

  // In the quiet card.
  await user.click('#add-note', { effect: 'dom', changes: '#notes' });
  await user.click('#upgrade', { effect: 'none', rest: 2000 });
  await user.burst('#seats-plus', { n: 5, gap: 170, effect: 'dom', changes: '#seats' });
  await user.burst('#upgrade', { n: 4, gap: 190, effect: 'none', rest: 3300 });

  await user.burst('#pause-feed', { n: 5, gap: 160, effect: 'none', rest: 3300 });
  await user.burst('#seats-minus', { n: 3, gap: 220, effect: 'dom', changes: '#seats' });
}
