// Listens to the browser over the DevTools protocol. What it sees is the independent half of the truth:
// navigations, console, uncaught errors, requests, and the clicks the page really received.
// The rrweb events pass through here too, but nothing reads them.

export async function attachWitness(page) {
  const seen = {
    events: [], pages: [], browserConsole: [], pageErrors: [], requests: [], clicks: [], dblclicks: [], allFetches: 0,
  };
  const cdp = await page.context().newCDPSession(page);
  const inFlight = new Map();

  cdp.on('Page.frameNavigated', ({ frame }) => {
    if (!frame.parentId && frame.url !== 'about:blank') seen.pages.push({ t: Date.now(), href: frame.url + (frame.urlFragment ?? '') });
  });
  cdp.on('Page.navigatedWithinDocument', ({ url }) => seen.pages.push({ t: Date.now(), href: url }));

  cdp.on('Runtime.consoleAPICalled', ({ type, args, timestamp }) => {
    seen.browserConsole.push({ t: Math.round(timestamp), type, text: args.map(consoleText).join(' ') });
  });
  cdp.on('Runtime.exceptionThrown', ({ timestamp, exceptionDetails }) => {
    const text = exceptionDetails.exception?.description ?? exceptionDetails.text;
    seen.pageErrors.push({ t: Math.round(timestamp), message: text.split('\n')[0].replace(/^\w*Error: /, '') });
  });

  cdp.on('Network.requestWillBeSent', ({ requestId, type, request }) => {
    if (type !== 'Fetch' && type !== 'XHR') return;
    seen.allFetches += 1;
    inFlight.set(requestId, { method: request.method, url: request.url });
  });
  cdp.on('Network.responseReceived', ({ requestId, response }) => {
    const request = inFlight.get(requestId);
    if (request && response.status >= 400) seen.requests.push({ t: Date.now(), ...request, status: response.status });
  });
  cdp.on('Network.loadingFailed', ({ requestId, errorText, canceled }) => {
    const request = inFlight.get(requestId);
    if (request && !canceled) seen.requests.push({ t: Date.now(), ...request, status: null, failure: errorText });
  });

  cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name === 'emitReplayEvent') seen.events.push(payload);
    if (name === 'witnessClick') {
      const { type, ...click } = JSON.parse(payload);
      (type === 'click' ? seen.clicks : seen.dblclicks).push(click);
    }
  });

  for (const domain of ['Page', 'Runtime', 'Network']) await cdp.send(`${domain}.enable`);
  await cdp.send('Runtime.addBinding', { name: 'emitReplayEvent' });
  await cdp.send('Runtime.addBinding', { name: 'witnessClick' });
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${watchClicks})()` });
  return seen;
}

/**
 * Runs in the page. The click that a `<label>` makes on its input is synthetic: no press went down on that
 * input.
 */
function watchClicks() {
  let pressed = null;
  addEventListener('pointerdown', (event) => { pressed = event.composedPath()[0]; }, true);
  for (const type of ['click', 'dblclick']) {
    addEventListener(type, (event) => {
      const target = event.composedPath()[0];
      const synthetic = type === 'click' && target !== pressed && !target.contains?.(pressed);
      window.witnessClick(JSON.stringify({ type, t: Date.now(), id: target.id || target.localName, synthetic }));
    }, true);
  }
}

function consoleText({ type, value, description, preview }) {
  if (type === 'object' && preview) return `{${preview.properties.map((p) => `${p.name}: ${p.value}`).join(', ')}}`;
  return String(value ?? description).split('\n')[0];
}
