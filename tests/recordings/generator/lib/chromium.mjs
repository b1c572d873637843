// What Chromium tells over its DevTools protocol.

export async function listenToChromium(page, seen, bindings, pageScript) {
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
    const text = exceptionDetails.exception?.description ?? exceptionDetails.exception?.value ?? exceptionDetails.text;
    seen.pageErrors.push({ t: Math.round(timestamp), message: String(text).split('\n')[0].replace(/^\w*Error: /, '') });
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
    if (request && canceled) seen.abandoned += 1;
    if (request && !canceled) seen.requests.push({ t: Date.now(), ...request, status: null, failure: errorText });
  });

  cdp.on('Runtime.bindingCalled', ({ name, payload }) => bindings[name]?.(payload));
  for (const domain of ['Page', 'Runtime', 'Network']) await cdp.send(`${domain}.enable`);
  for (const name of Object.keys(bindings)) await cdp.send('Runtime.addBinding', { name });
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript });
}

function consoleText({ type, value, description, preview }) {
  if (type === 'object' && preview) return `{${preview.properties.map((p) => `${p.name}: ${p.value}`).join(', ')}}`;
  return String(value ?? description).split('\n')[0];
}
