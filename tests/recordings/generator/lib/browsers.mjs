// The browsers that are recorded: where each is, and how it is started.

import { existsSync } from 'node:fs';
import { chromium, firefox } from 'playwright-core';

const BROWSERS = {
  chromium: {
    type: chromium,
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--autoplay-policy=no-user-gesture-required',
    ],
  },
  // An ordinary Firefox is driven over WebDriver BiDi.
  firefox: {
    type: firefox,
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    channel: 'moz-firefox',
    firefoxUserPrefs: { 'media.autoplay.default': 0 },
  },
};

const DESKTOP = { viewport: { width: 1280, height: 800 }, locale: 'en-US' };
const PHONE = { ...DESKTOP, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Starts a browser, or says that it is not there. */
export async function launch(name) {
  const { type, ...options } = BROWSERS[name];
  if (!existsSync(options.executablePath)) {
    console.log(`${name}: skipped, ${options.executablePath} is not there`);
    return null;
  }
  return type.launch({ ...options, headless: true });
}

export function newContext(browser, { phone = false }) {
  return browser.newContext({ ...(phone ? PHONE : DESKTOP), timezoneId: 'UTC', acceptDownloads: true });
}
