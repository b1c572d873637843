//! What goes wrong on a page, as it reaches the server: in each browser that there is.

use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use crate::collector::{Collector, lefts, plugged};
use crate::visitor::Visitor;

/// What happens on a page until the visitor does the next thing.
const MOMENT: Duration = Duration::from_millis(400);

/// What goes wrong on a page, and what only looks like it.
const TROUBLE: &str = r#"{tag}
    <button id="throws" onclick="nothing.there()">Pay</button>
    <button id="rejects" onclick="Promise.reject(new Error('refused'))">Pay</button>
    <button id="number" onclick="throw 42">Pay</button>
    <button id="reports" onclick="reportError(new DOMException('gone', 'AbortError'))">Pay</button>
    <button id="logs" onclick="console.error('Stock is low')">Stock</button>
    <button id="again" onclick="again()">Stock</button>
    <button id="aborts" onclick="aborts()">Stop</button>
    <button id="opaque" onclick="fetch('{other}/status/500', { mode: 'no-cors' })">Count</button>
    <button id="leaves" onclick="leave()">Leave</button>
    <script>
      function again() {
        const request = new XMLHttpRequest();
        let left = 4;
        const send = () => {
          if (left-- === 0) return;
          request.open("GET", "/status/500");
          request.send();
        };
        request.onload = send;
        send();
      }
      function aborts() {
        for (const reason of [undefined, "bye", new Error("enough")]) {
          const abort = new AbortController();
          fetch("/slow", { signal: abort.signal }).catch(() => {});
          setTimeout(() => abort.abort(reason), 20);
        }
      }
      function leave() {
        fetch("/slow").catch(() => {});
        const request = new XMLHttpRequest();
        request.open("GET", "/slow");
        request.send();
        setTimeout(() => { location.href = "/other"; }, 100);
      }
    </script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_thrown_is_told_from_what_was_logged_and_failures_from_what_was_given_up() {
    let trouble = TROUBLE.replace("{other}", "http://localhost:{port}");
    let site = Collector::serve(&[("/", &trouble), ("/other", "{tag}")], None).await;
    for visitor in Visitor::of_each_browser().await {
        site.clear();
        visitor.visit(&site.url).await;
        for control in [
            "throws", "rejects", "number", "reports", "logs", "again", "aborts", "opaque",
        ] {
            visitor.click(&format!("#{control}")).await;
            sleep(MOMENT).await;
        }
        visitor.click("#leaves").await;
        visitor.wait_until("location.pathname === '/other'").await;
        let events = site.wait_for(|events| !lefts(events).is_empty()).await;

        let lines = plugged(&events, "rrweb/console@1");
        let thrown: Vec<_> = lines.iter().map(|line| line["thrown"].as_bool()).collect();
        let [yes, no] = [Some(true), Some(false)];
        assert_eq!(thrown, [yes, yes, yes, yes, no], "{lines:#?}");
        for (line, words) in
            lines
                .iter()
                .zip(["there", "refused", "42", "AbortError: gone", "Stock"])
        {
            let said = line["payload"][0].as_str().unwrap();
            assert!(
                said.contains(words) || said.contains("nothing"),
                "{said}: {words}"
            );
        }
        assert_eq!(
            outcomes(&events),
            [
                "500", "500", "500", "500", "aborted", "aborted", "aborted", "opaque",
            ]
        );
        visitor.close().await;
    }
}

/// How each request of a script ended.
fn outcomes(events: &[Value]) -> Vec<String> {
    let requests = plugged(events, "rrweb/network@1");
    let requests = requests
        .iter()
        .flat_map(|told| told["requests"].as_array().unwrap());
    let scripts = requests.filter(|request| request["method"].is_string());
    let outcome = |request: &Value| match request["status"].as_u64() {
        Some(status) => status.to_string(),
        None if request["aborted"] == true => "aborted".to_owned(),
        None if request["opaque"] == true => "opaque".to_owned(),
        None => "no answer".to_owned(),
    };
    scripts.map(outcome).collect()
}
