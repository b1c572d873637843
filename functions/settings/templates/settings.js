
// What is easier with a script: seeing the first session arrive.

// Every three seconds for five minutes, then every half minute for an hour and a half; never while nobody
// looks.
const waiting = document.getElementById("waiting");
let asked = 0;

async function ask() {
  if (!document.hidden) {
    asked += 1;
    try {
      const answer = await fetch(waiting.dataset.ask);
      if (answer.status === 401) return;
      const arrived = answer.ok ? await answer.json() : {};
      if (arrived.has_arrived) return show(arrived.page);
    } catch {
      // Whatever failed may work the next time.
    }
  }
  if (asked < 280) setTimeout(ask, asked < 100 ? 3000 : 30000);
}

function show(page) {
  waiting.className = "notice good";
  // As the page says what it waits for: an old workspace has had sessions before.
  const isFirst = waiting.textContent.includes("the first session");
  waiting.textContent = isFirst ? "The first session has arrived. " : "A session has arrived. ";
  if (!page) return;
  const link = document.createElement("a");
  link.href = page;
  link.textContent = "Watch it";
  waiting.append(link);
}

if (waiting) setTimeout(ask, 3000);
