//! A real Chromium, driven over the `WebDriver` protocol.

use std::process::Stdio;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use url::Url;

/// How long a page may take to show something.
const PATIENCE: Duration = Duration::from_secs(10);

/// What chromedriver prints before the port that it listens on.
const LISTENING: &str = "started successfully on port ";

/// A browser window.
pub(crate) struct Browser {
    client: Client,
    driver: Child,
    _profile: TempDir,
}

impl Browser {
    /// Opens a window of this size, CSS pixels.
    pub(crate) async fn start(width: u32, height: u32) -> Self {
        let (driver, port) = start_driver().await;
        let profile = tempfile::tempdir().unwrap();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&profile))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("Chromium does not start: apt-get install chromium");
        client.set_window_size(width, height).await.unwrap();
        Self {
            client,
            driver,
            _profile: profile,
        }
    }

    /// Opens an address.
    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// The element that the CSS selector finds, once it is there.
    pub(crate) async fn find(&self, selector: &str) -> Element {
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(selector))
            .await;
        found.unwrap_or_else(|error| panic!("nothing on the page is `{selector}`: {error}"))
    }

    /// Answers the dialog that is open with yes.
    pub(crate) async fn accept_dialog(&self) {
        self.client.accept_alert().await.unwrap();
    }

    /// How many elements the CSS selector finds now.
    pub(crate) async fn count(&self, selector: &str) -> usize {
        self.client
            .find_all(Locator::Css(selector))
            .await
            .unwrap()
            .len()
    }

    /// Clicks what the CSS selector finds, once it is there.
    pub(crate) async fn click(&self, selector: &str) {
        self.find(selector).await.click().await.unwrap();
    }

    /// Clicks what the `XPath` finds, once it is there.
    pub(crate) async fn click_xpath(&self, xpath: &str) {
        let found = self.client.wait().at_most(PATIENCE);
        let element = found.for_element(Locator::XPath(xpath)).await;
        let element = element.unwrap_or_else(|error| panic!("nothing is `{xpath}`: {error}"));
        element.click().await.unwrap();
    }

    /// Presses a key wherever the focus is, named as in `KeyboardEvent.key`.
    pub(crate) async fn press(&self, key: &str) {
        let text = if key.chars().count() == 1 { key } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "text": text });
            self.command("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Forgets what was kept of earlier answers.
    pub(crate) async fn forget_files(&self) {
        self.command("Network.clearBrowserCache", json!({})).await;
    }

    /// Signs out of everything.
    pub(crate) async fn forget_cookies(&self) {
        self.client.delete_all_cookies().await.unwrap();
    }

    /// Clicks the button or link of the app panel with this text, once it is there.
    pub(crate) async fn click_in_app(&self, label: &str) {
        self.click_labelled("//*[@id='app']", label).await;
    }

    /// Clicks the button, the link or the summary with this text, once it is there.
    pub(crate) async fn click_label(&self, label: &str) {
        self.click_labelled("", label).await;
    }

    async fn click_labelled(&self, within: &str, label: &str) {
        let what = "self::button or self::a or self::summary";
        let xpath = format!("{within}//*[({what}) and normalize-space()='{label}']");
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::XPath(&xpath))
            .await;
        let element = found.unwrap_or_else(|error| panic!("there is no button `{label}`: {error}"));
        element.click().await.unwrap();
    }

    /// The text of what the CSS selector finds, once it is there.
    pub(crate) async fn text(&self, selector: &str) -> String {
        self.find(selector).await.text().await.unwrap()
    }

    /// Waits until a JavaScript expression is true.
    pub(crate) async fn wait_until(&self, condition: &str) {
        self.wait_at_most(PATIENCE, condition).await;
    }

    /// The same for what a recorder does in its own time.
    pub(crate) async fn wait_long_until(&self, condition: &str) {
        self.wait_at_most(6 * PATIENCE, condition).await;
    }

    async fn wait_at_most(&self, patience: Duration, condition: &str) {
        let deadline = tokio::time::Instant::now() + patience;
        while self.run(condition).await != json!(true) {
            if tokio::time::Instant::now() > deadline {
                let says = self.run("document.body?.innerText").await;
                panic!("never came true: {condition}; the page says {says}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the app panel says this.
    pub(crate) async fn wait_for_app(&self, text: &str) {
        let condition = format!(
            "document.querySelector('#app').innerText.includes({})",
            json!(text)
        );
        self.wait_until(&condition).await;
    }

    /// Waits until the page says this.
    pub(crate) async fn wait_for_text(&self, text: &str) {
        let condition = format!(
            "document.body?.innerText.includes({}) ?? false",
            json!(text)
        );
        self.wait_until(&condition).await;
    }

    /// Looks at the window that was opened as the so manyth, from 0.
    pub(crate) async fn switch_to_window(&self, index: usize) {
        let windows = self.client.windows().await.unwrap();
        let window = windows
            .into_iter()
            .nth(index)
            .expect("there is no such window");
        self.client.switch_to_window(window).await.unwrap();
    }

    /// Lays the page out for a window of this size, CSS pixels: also for one that is narrower than a desktop
    /// has.
    pub(crate) async fn lay_out(&self, width: u32, height: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.command("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// Shows pages in this scheme, `light` or `dark`, and perhaps in colours chosen for all pages.
    pub(crate) async fn emulate_colours(&self, scheme: &str, is_forced: bool) {
        let forced = if is_forced { "active" } else { "none" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "forced-colors", "value": forced },
        ]);
        self.command(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    /// Lets nothing be loaded from addresses like these.
    pub(crate) async fn block(&self, patterns: &[&str]) {
        self.command("Network.enable", json!({})).await;
        self.command("Network.setBlockedURLs", json!({ "urls": patterns }))
            .await;
    }

    /// Clicks so far through the width of what the CSS selector finds, and stays there.
    pub(crate) async fn click_at_share(&self, selector: &str, share: f64) {
        let bounds = format!(
            "(({{ left, width, top, height }}) => ({{ x: left + width * {share}, y: top + height / 2 }}))\
             (document.querySelector({selector:?}).getBoundingClientRect())"
        );
        let place = self.run(&bounds).await;
        for (kind, count) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 1)] {
            let event = json!({ "type": kind, "x": place["x"], "y": place["y"], "button": "left",
                "clickCount": count });
            self.command("Input.dispatchMouseEvent", event).await;
        }
    }

    /// All of the page as PNG, base64.
    pub(crate) async fn screenshot(&self) -> String {
        let shot = self.command(
            "Page.captureScreenshot",
            json!({ "captureBeyondViewport": true }),
        );
        shot.await["data"].as_str().unwrap().to_owned()
    }

    /// A command of the Chrome `DevTools` Protocol.
    async fn command(&self, name: &'static str, parameters: Value) -> Value {
        self.client
            .issue_cmd(DevTools { name, parameters })
            .await
            .unwrap()
    }

    /// Runs statements that have nothing to say.
    pub(crate) async fn inject(&self, statements: &str) {
        self.client.execute(statements, Vec::new()).await.unwrap();
    }

    /// What a JavaScript expression promises.
    pub(crate) async fn run_to_its_end(&self, expression: &str) -> Value {
        let script = format!(
            "const done = arguments[0]; ({expression}).then(done, (error) => done(String(error)));"
        );
        self.client
            .execute_async(&script, Vec::new())
            .await
            .unwrap()
    }

    /// The value of a JavaScript expression.
    pub(crate) async fn run(&self, expression: &str) -> Value {
        self.client
            .execute(&format!("return {expression};"), Vec::new())
            .await
            .unwrap()
    }

    /// The errors and warnings in the console since the last look, such as a blocked script or a missing
    /// file.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let entries = self.client.issue_cmd(ConsoleLog).await.unwrap();
        let entries = entries.as_array().unwrap().iter();
        entries
            .filter(|entry| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")))
            .map(|entry| entry["message"].to_string())
            .collect()
    }

    /// Fails when there are any.
    pub(crate) async fn assert_quiet_console(&self) {
        let complaints = self.complaints().await;
        assert!(
            complaints.is_empty(),
            "the console is not quiet: {complaints:#?}"
        );
    }

    /// Closes the window, and then the driver.
    pub(crate) async fn close(mut self) {
        self.client.close().await.unwrap();
        self.driver.kill().await.unwrap();
    }
}

/// A driver, and the port that it listens on. It takes a free one for IPv4 and then the same for IPv6, which
/// another program may have taken meanwhile: then it ends, and is started again.
async fn start_driver() -> (Child, u16) {
    for _ in 0..5 {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver is missing: apt-get install chromium chromium-driver");
        if let Some(port) = listening_port(&mut driver).await {
            return (driver, port);
        }
    }
    panic!("chromedriver ends without listening");
}

/// `None` when it has ended instead.
async fn listening_port(driver: &mut Child) -> Option<u16> {
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some((_, port)) = line.split_once(LISTENING) {
                return port.trim_end_matches('.').parse().ok();
            }
        }
        None
    };
    let port = tokio::time::timeout(PATIENCE, port)
        .await
        .expect("chromedriver does not listen")?;
    // It goes on writing, and would stop at a closed pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Some(port)
}

fn capabilities(profile: &TempDir) -> Capabilities {
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
    ];
    let mut arguments: Vec<_> = arguments.map(str::to_owned).into();
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    capabilities.as_object().unwrap().clone()
}

/// Reads and empties the console: chromedriver's own command.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (
            http::Method::POST,
            Some(json!({ "type": "browser" }).to_string()),
        )
    }
}

/// A command of the Chrome `DevTools` Protocol: chromedriver's own way to it.
#[derive(Debug)]
struct DevTools {
    name: &'static str,
    parameters: Value,
}

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/goog/cdp/execute"))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        let body = json!({ "cmd": self.name, "params": self.parameters });
        (http::Method::POST, Some(body.to_string()))
    }
}
