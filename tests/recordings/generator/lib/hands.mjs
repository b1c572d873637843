/**
 * Runs in the page before its own code. Tells every click with who made it, and when somebody's hands were at
 * the controls. Only events that the browser vouches for (`isTrusted`) are hands.
 *
 * A click is made `by`: `press`, the visitor's; `key`, the visitor's on the focused control; `label`, the
 * second one that a label makes on its control; `form`, the one that Enter in a field makes on the submit
 * button; `script`, the page's own. /
export function watchHands() {
  const report = (facts) => window.witnessHand(JSON.stringify({ t: Date.now(), ...facts }));
  let pressed = null;
  let keyed = false;
  let told = 0;

  const hand = (event) => {
    if (!event.isTrusted || Date.now() - told < 100) return;
    told = Date.now();
    report({ type: 'hand' });
  };
  for (const type of ['pointermove', 'pointerdown', 'pointerup', 'keydown', 'wheel', 'touchmove']) {
    addEventListener(type, hand, { capture: true, passive: true });
  }
  addEventListener('pointerdown', (event) => { pressed = event.composedPath()[0]; keyed = false; }, true);
  addEventListener('keydown', (event) => { if (event.isTrusted) { pressed = null; keyed = true; } }, true);

  const madeBy = (event, target) => {
    if (!event.isTrusted) return 'script';
    if (keyed) return target.getRootNode().activeElement === target ? 'key' : 'form';
    return target === pressed || target.contains?.(pressed) ? 'press' : 'label';
  };
  for (const type of ['click', 'dblclick']) {
    addEventListener(type, (event) => {
      const target = event.composedPath()[0];
      report({ type, id: target.id || target.localName, by: madeBy(event, target) });
    }, true);
  }
}
