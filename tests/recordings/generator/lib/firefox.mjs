// What Firefox tells over WebDriver BiDi.

const ABANDONED = 'NS_BINDING_ABORTED';

export async function listenToFirefox(page, seen, bindings, pageScript) {
  const isFetch = (request) => ['fetch', 'xhr'].includes(request.resourceType());
  const facts = (request) => ({ t: Date.now(), method: request.method(), url: request.url() });

  page.on('framenavigated', (frame) => {
    if (!frame.parentFrame() && frame.url() !== 'about:blank') seen.pages.push({ t: Date.now(), href: frame.url() });
  });
  page.on('console', (message) => {
    seen.browserConsole.push({ t: Date.now(), type: message.type(), text: message.text().split('\n')[0] });
  });
  page.on('pageerror', (error) => seen.pageErrors.push({ t: Date.now(), message: String(error.message).split('\n')[0] }));
  page.on('request', (request) => { if (isFetch(request)) seen.allFetches += 1; });
  page.on('response', (response) => {
    const request = response.request();
    if (isFetch(request) && response.status() >= 400) seen.requests.push({ ...facts(request), status: response.status() });
  });
  page.on('requestfailed', (request) => {
    if (!isFetch(request)) return;
    const failure = request.failure()?.errorText ?? '';
    if (failure.includes(ABANDONED)) seen.abandoned += 1;
    else seen.requests.push({ ...facts(request), status: null, failure });
  });

  for (const [name, take] of Object.entries(bindings)) {
    await page.exposeBinding(name, (_source, payload) => take(payload));
  }
  await page.addInitScript({ content: pageScript });
}
