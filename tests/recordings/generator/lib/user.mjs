// A scripted visitor. It moves and presses a real mouse, and logs each action with what the action is
// known to do. A declared effect is checked on the live page, so that a broken demo page fails the run
// instead of producing a wrong truth.

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const PRESS_MS = 40;

// What a click does, in `effect`:
// - `none`, `press`, `console.warn`: nothing that a visitor can use. These are the dead clicks. `press` means
//   that the control animates its own press and does nothing else.
// - `dom`: the page changes. `changes` names an element which must differ afterwards, `delayMs` says when.
// - `focus`, `input`, `select-text`: form fields and text selection.
// - `route`, `navigate`: a new page. `network`, `console.error`, `error`, `rejection`: only that.
// - `scroll`: the page scrolls and does nothing else.
// - `outside`: something that no change of the page shows, such as a download, a popover or a picture.
// `sees` is an expression whose value in the page must differ afterwards; `happens` is what the browser must
// report: a `download`, a `popup`, a `filechooser`.
// A click with `debatable` (a reason) is left out of the dead clicks: people disagree about it. One with
// `unseen` (a reason) is left out, too: what was recorded cannot tell a dead control from a working one.
const DEAD_EFFECTS = new Set(['none', 'press', 'console.warn']);

export class User {
  constructor(page, origin, { phone = false } = {}) {
    this.page = page;
    this.origin = origin;
    this.phone = phone;
    this.actions = [];
    this.secrets = [];
  }

  async open(path) {
    const href = this.origin + path;
    this.#log('goto', { href });
    await this.page.goto(href, { waitUntil: 'load' });
    await pause(1500);
  }

  /** One click, then a rest. `at` is a point found before, for when the page is about to be replaced. */
  async click(target, { rest = 1300, at, ...facts } = {}) {
    const point = at ?? await this.find(target);
    await this.#moveTo(point);
    const before = await this.#look(facts);
    const action = this.#log('click', { target, ...point, ...withDead(facts) });
    const event = this.#await(facts.happens);
    await this.#press(point);
    action.tUp = Date.now();
    await event;
    if (isWatched(facts)) action.changedBy = await this.#mustChange(action, facts, before);
    await pause(rest);
  }

  /** The focused control is pressed with a key. `target` must have the focus by then. */
  async clickByKey(target, key, { rest = 1300, ...facts } = {}) {
    const focused = await this.page.locator(target).evaluate((element) => element.getRootNode().activeElement === element);
    if (!focused) throw new Error(`${target} has no focus`);
    const before = await this.#look(facts);
    const action = this.#log('click', { target, key, ...withDead(facts) });
    await this.page.keyboard.press(key, { delay: 50 });
    if (isWatched(facts)) action.changedBy = await this.#mustChange(action, facts, before);
    await pause(rest);
  }

  /**
   * Presses that make no click, as on a disabled button, or none that reaches this page, as in a frame of
   * another site. /
  async pressInVain(target, { n = 1, gap = 250, rest = 1300 } = {}) {
    const point = await this.find(target);
    await this.#moveTo(point);
    this.#log('press-in-vain', { target, ...point, n, gapMs: gap });
    for (let i = 0; i < n; i += 1) {
      await this.#press(point, gap < 500 ? i + 1 : 1);
      if (i + 1 < n) await pause(gap);
    }
    await pause(rest);
  }

  /**
   * Quick clicks on one spot, counted by the browser as double and triple clicks when it would do so for a
   * person.
   */
  async burst(target, { n, gap, rest = 1300, ...facts }) {
    const point = await this.find(target);
    await this.#moveTo(point);
    const action = this.#log('burst', { target, ...point, n, gapMs: gap, times: [], ...withDead(facts) });
    for (let i = 0; i < n; i += 1) {
      const before = await this.#look(facts);
      action.times.push(Date.now());
      await this.#press(point, gap < 500 ? i + 1 : 1);
      if (isWatched(facts) && !facts.delayMs) await this.#mustChange(action, facts, before);
      const next = action.times[i] + gap;
      if (i + 1 < n) await pause(Math.max(0, next - Date.now()));
    }
    action.tEnd = action.times.at(-1);
    await pause(rest);
  }

  async hover(target) {
    const point = await this.find(target);
    this.#log('hover', { target, ...point });
    await this.#moveTo(point);
    await pause(500);
  }

  /** Moves slowly towards an element, as a hand does. */
  async wander(target) {
    const { x, y } = await this.find(target);
    for (let left = 8; left > 0; left -= 1) {
      await this.page.mouse.move(x + left * 30, y + left * 20);
      await pause(70);
    }
  }

  /**
   * Types into the focused field. A secret must never show up in anything derived from the recording.
   * `again` says that the field has been typed into before on this page. /
  async type(target, text, { secret = false, again = false, delay = 35 } = {}) {
    this.#log('type', { target, chars: text.length, again });
    if (secret) this.secrets.push(text);
    await this.page.keyboard.type(text, { delay });
    await pause(400);
  }

  async key(key) {
    this.#log('key', { key });
    await this.page.keyboard.press(key);
    await pause(500);
  }

  async scroll(dy, steps = 5) {
    this.#log('scroll', { dy, steps });
    for (let i = 0; i < steps; i += 1) {
      await this.page.mouse.wheel(0, dy / steps);
      await pause(60);
    }
    await pause(1100);
  }

  /** From now on alert(), confirm() and prompt() are read for so long, and declined. */
  answerDialogs(ms) {
    this.page.removeAllListeners('dialog');
    this.page.on('dialog', async (dialog) => {
      const t = Date.now();
      await pause(ms);
      await dialog.dismiss();
      this.actions.push({ t, kind: 'dialog', type: dialog.type(), ms: Date.now() - t });
    });
  }

  /** Chooses a file in the chooser that the last click opened. */
  async choose(name) {
    this.#log('choose', { name });
    await this.happened.setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from('x') });
    await pause(1500);
  }

  /** Reads: nothing is touched but the mouse, now and then. */
  async read(ms) {
    this.#log('read', { ms });
    for (let rest = ms; rest > 0; rest -= 2500) {
      await pause(Math.min(rest, 2500));
      if (!this.phone) await this.page.mouse.move(620 + (rest % 7), 640, { steps: 2 });
    }
  }

  /** The mouse goes to where a browser's tab is closed. A phone has none. */
  async leave() {
    if (this.phone) return;
    this.#log('leave');
    await this.page.mouse.move(700, 2, { steps: 4 });
  }

  async resize(width, height) {
    this.#log('resize', { w: width, h: height });
    await this.page.setViewportSize({ width, height });
    await pause(900);
  }

  async back() {
    this.#log('back');
    await this.page.goBack();
    await pause(1200);
  }

  /** Makes the recorder take a full snapshot in the middle of a page. */
  async checkout() {
    this.#log('checkout');
    await this.page.evaluate(() => dispatchEvent(new Event('replay:checkout')));
    await pause(600);
  }

  async idle(ms) {
    this.#log('idle-start');
    await pause(ms);
    this.#log('idle-end');
  }

  /** The middle of an element, which may be inside open shadow roots. */
  async find(target) {
    const element = this.page.locator(target);
    await element.scrollIntoViewIfNeeded();
    const box = await element.boundingBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** Something sensitive that the page itself puts into a URL, a console line or an error. */
  keepSecret(...values) {
    this.secrets.push(...values);
  }

  #log(kind, facts = {}) {
    const action = { t: Date.now(), kind, ...facts };
    this.actions.push(action);
    return action;
  }

  async #moveTo({ x, y }) {
    if (!this.phone) await this.page.mouse.move(x, y, { steps: 4 });
    await pause(120);
  }

  async #press({ x, y }, clickCount = 1) {
    if (this.phone) return this.page.touchscreen.tap(x, y);
    await this.page.mouse.down({ clickCount });
    await pause(PRESS_MS);
    await this.page.mouse.up({ clickCount });
  }

  async #await(happens) {
    if (happens) this.happened = await this.page.waitForEvent(happens, { timeout: 3000 });
  }

  async #look({ changes, sees }) {
    if (sees) return this.page.evaluate(sees);
    return changes && this.page.locator(changes).evaluate((element) => element.outerHTML);
  }

  /** Returns how many ms after the press began the change was seen. */
  async #mustChange(action, facts, before) {
    const started = action.times?.at(-1) ?? action.t;
    while (Date.now() - started < (facts.delayMs ?? 0) + 1000) {
      if ((await this.#look(facts)) !== before) return Date.now() - started;
      await pause(20);
    }
    throw new Error(`${action.target} was declared to change ${facts.changes ?? facts.sees}, but did not`);
  }
}

function isWatched({ changes, sees }) {
  return Boolean(changes ?? sees);
}

function withDead(facts) {
  return { ...facts, dead: DEAD_EFFECTS.has(facts.effect) };
}
