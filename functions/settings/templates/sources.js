// What is easier with a script: seeing what is delivered as it happens.

// Every three seconds for five minutes, then every half minute for an hour and a half; never while nobody
// looks, and not while somebody reads the calls of a delivery or is about to send one again.
const log = document.getElementById("log");
let asked = 0;
let shown = null;

async function ask() {
  const isInUse = log.querySelector("details[open]") || log.contains(document.activeElement);
  if (!document.hidden && !isInUse) {
    asked += 1;
    try {
      const answer = await fetch(log.dataset.ask);
      if (answer.status === 401) return;
      const { html } = answer.ok ? await answer.json() : {};
      if (html !== undefined && html !== shown) {
        // The server has written it as it stands in the page, with every text escaped.
        if (shown !== null || html.trim() !== log.innerHTML.trim()) log.innerHTML = html;
        shown = html;
      }
    } catch {
      // Whatever failed may work the next time.
    }
  }
  if (asked < 280) setTimeout(ask, asked < 100 ? 3000 : 30000);
}

if (log) setTimeout(ask, 3000);
