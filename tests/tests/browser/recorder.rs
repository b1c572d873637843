//! The recorder on sites that are not ours: what it leaves out, and that no page notices it.

use serde_json::{Value, json};

use crate::driver::Browser;
use crate::server::Server;
use crate::site;

/// Notes every exception and rejection that reaches the page.
const WATCH: &str = "<script>window.problems = [];
    for (const kind of ['error', 'unhandledrejection']) {
      addEventListener(kind, (event) => problems.push(String(event.message ?? event.reason)));
    }</script>";

fn tag(server: &Server, attributes: &str) -> String {
    let url = server.url();
    format!(
        r#"<script async src="{url}/recorder.js" data-write-key="local-write-key" {attributes}></script>"#
    )
}

/// Each of the places where rrweb records in clear, with a secret of its own.
const CONFIDENTIAL: &str = r#"
    <title>Mail of secret-1@example.com</title>
    <meta name="csrf-token" content="secret-2-csrf">
    <a id="link" href="/reset?token=secret-3-query#secret-3-fragment">Reset</a>
    <form action="/pay?card=secret-4-action">
      <input type="hidden" name="order" value="secret-5-hidden">
      <input id="text" value="secret-6-value">
      <textarea id="area">secret-7-area</textarea>
      <input type="password" value="secret-8-password">
      <input type="button" value="Write to secret-9@example.com">
    </form>
    <p id="edited" contenteditable="true">secret-10-edited</p>
    <p data-recapt-mask title="secret-11-title">secret-12-masked</p>
    <p data-recapt-block>secret-13-blocked</p>
    <p class="rr-mask">secret-14-class</p>
    <p class="price">secret-15-selector</p>
    <p aria-label="Account of secret-16@example.com" data-user="secret-17@example.com">Account</p>
    <button id="tell" onclick="tell('secret-18-handler')">Tell</button>
    <p id="late"></p>
    <script>
      function tell() {
        console.error("Authorization: Bearer secret-19-console", { password: "secret-20-object" });
        fetch("/missing?token=secret-21-request", { method: "POST", body: "secret-22-body", headers: { "x-key": "secret-23-header" } });
        late.setAttribute("title", "secret-24@example.com");
        late.innerHTML = "<a href='/late?token=secret-25-late'>Late</a><b data-recapt-mask>secret-26-late</b>";
        history.replaceState(null, "", "/route?token=secret-27-route");
      }
    </script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_confides_is_not_recorded() {
    let server = Server::start().await;
    let tag = tag(&server, r#"data-mask=".price""#);
    let page =
        format!("<!doctype html><html><head>{WATCH}{tag}</head><body>{CONFIDENTIAL}</body></html>");
    let site = site::serve(None, page).await;
    let browser = Browser::start(900, 700).await;
    browser
        .open(&format!("{site}/?token=secret-28-landing"))
        .await;
    browser
        .wait_until("typeof window.recapt?.sessionId?.() === 'string'")
        .await;
    let session = browser.run("recapt.sessionId()").await;
    for (field, text) in [
        ("#text", "secret-29"),
        ("#area", "secret-30"),
        ("#edited", "secret-31"),
    ] {
        let field = browser.find(field).await;
        field.send_keys(text).await.unwrap();
    }
    browser.click("#tell").await;

    let is_told = |summary: &Value| summary["counts"]["failed_requests"] == 1;
    let summary = server.summary(session.as_str().unwrap(), is_told).await;
    assert_eq!(summary["counts"]["console_errors"], 1);
    assert_eq!(summary["last_url"], json!(format!("{site}/route")));
    assert_eq!(server.holders_of(&["secret-"]).await, Vec::<String>::new());
    assert!(
        !server.holders_of(&["Reset"]).await.is_empty(),
        "the page itself is there"
    );
    assert_eq!(browser.run("problems").await, json!([]));
    browser.close().await;
}

/// A picture that is loaded late, on a page that tells everybody where it is.
const PICTURES: &str = r#"
    <meta name="referrer" content="unsafe-url">
    <img id="late" referrerpolicy="unsafe-url">
    <button id="load">Load</button>
    <script>
      load.onclick = () => {
        late.onload = () => console.error("loaded");
        late.src = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='72' height='36'/>";
      };
    </script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_size_of_a_picture_is_recorded_and_no_policy_of_referrers() {
    let server = Server::start().await;
    let tag = tag(&server, "");
    let page =
        format!("<!doctype html><html><head>{WATCH}{tag}</head><body>{PICTURES}</body></html>");
    let site = site::serve(None, page).await;
    let browser = Browser::start(900, 700).await;
    browser.open(&site).await;
    browser
        .wait_until("typeof window.recapt?.sessionId?.() === 'string'")
        .await;
    let session = browser.run("recapt.sessionId()").await;
    browser.click("#load").await;
    let is_told = |summary: &Value| summary["counts"]["console_errors"] == 1;
    server.summary(session.as_str().unwrap(), is_told).await;
    let told = [r#""tag":"recapt.picture""#, r#""width":72,"height":36"#];
    for text in told {
        assert!(!server.holders_of(&[text]).await.is_empty(), "{text}");
    }
    assert_eq!(
        server.holders_of(&["unsafe-url"]).await,
        Vec::<String>::new()
    );
    assert_eq!(browser.run("problems").await, json!([]));
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_blocks_the_recorder_or_what_it_sends_notices_nothing() {
    let mut server = Server::start().await;
    let browser = Browser::start(900, 700).await;
    let own = "<button id='own' onclick=\"fetch('/missing').then((answer) => this.textContent = answer.status)\">Own</button>";
    let inline = "script-src 'unsafe-inline'";
    for (policy, attributes) in [
        // The script may not load; it may not send; it is told nonsense.
        (Some(inline.to_owned()), ""),
        (
            Some(format!("{inline} {}; connect-src 'self'", server.url())),
            "",
        ),
        (None, r#"data-mask="p[" "#),
        (None, r#"data-write-key="" "#),
        (None, r#"data-endpoint="https://nobody.invalid" "#),
        (None, ""),
    ] {
        let calls = "<script>(window.recapt = window.recapt || []).push(['identify', { email: 7 }], null, ['?'])</script>";
        let tag = match attributes.contains("write-key") {
            true => format!(
                "<script async src='{}/recorder.js' {attributes}></script>",
                server.url()
            ),
            false => tag(&server, attributes),
        };
        let page = format!(
            "<!doctype html><html><head>{WATCH}{calls}{tag}</head><body>{own}</body></html>"
        );
        let site = site::serve(policy.clone(), page).await;
        browser.open(&site).await;
        if policy.is_none() && attributes.is_empty() {
            server.kill().await;
        }
        browser.click("#own").await;
        browser.wait_until("own.textContent === '404'").await;
        browser
            .run_to_its_end("new Promise((done) => setTimeout(done, 2500))")
            .await;
        let problems = browser.run("problems").await;
        assert_eq!(problems, json!([]), "{policy:?} {attributes}");
    }
    browser.close().await;
}
