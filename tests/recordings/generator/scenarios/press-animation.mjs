export const about = 'Buttons that animate their own press by a class, an inline style or a ripple element. On the dead ones the animation is all that happens.';

export const notes = ['A press animation is not a response: effect "press" counts as dead.'];

export async function run(user) {
  await user.open('/press-animation.html');

  await user.click('#class-dead', { effect: 'press', rest: 2200 });
  await user.click('#class-live', { effect: 'dom', changes: '#rows' });
  await user.burst('#class-dead', { n: 4, gap: 200, effect: 'press', rest: 2200 });
  await user.burst('#class-plus', { n: 5, gap: 170, effect: 'dom', changes: '#count' });

  await user.click('#style-dead', { effect: 'press', rest: 3300 });
  await user.click('#style-live', { effect: 'dom', changes: '#saved' });
  await user.burst('#style-dead', { n: 5, gap: 180, effect: 'press', rest: 2200 });
  await user.click('#style-late', { effect: 'dom', changes: '#checked', delayMs: 1200 });

  await user.click('#ripple-dead', { effect: 'press', rest: 3300 });
  await user.click('#ripple-live', { effect: 'dom', changes: '#following' });
  await user.burst('#ripple-dead', { n: 4, gap: 190, effect: 'press', rest: 3300 });

  await user.burst('#bold', { n: 4, gap: 330, effect: 'dom', changes: '#bold' });
  await user.click('#copy', { effect: 'dom', changes: '#copy', rest: 2600 });
}
