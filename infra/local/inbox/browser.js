// What the Messenger tells Intercom of the browser that it runs in, in Intercom's words.

// Order matters: most browsers also claim to be Chrome and Safari.
const BROWSERS = [["Edg", "edge"], ["OPR", "opera"], ["Firefox", "firefox"], ["HeadlessChrome", "chrome"],
  ["Chrome", "chrome"], ["Version", "safari"]];
const SYSTEMS = [["iPhone", "iOS"], ["iPad", "iOS"], ["Android", "Android"], ["Windows", "Windows"],
  ["CrOS", "Chrome OS"], ["Mac OS X", "Mac OS X"], ["Linux", "Linux"]];

/** `{ browser, browser_version, os, browser_language }`; what cannot be told is left out. */
export function browserDetails({ userAgent, language } = navigator) {
  const details = { browser_language: language };
  const system = SYSTEMS.find(([mark]) => userAgent.includes(mark));
  if (system) details.os = system[1];
  for (const [mark, browser] of BROWSERS) {
    const version = userAgent.match(new RegExp(`${mark}/([\\d.]+)`));
    if (version) return { ...details, browser, browser_version: version[1] };
  }
  return details;
}
