//! A real Chromium, driven over the `WebDriver` protocol.

// What a test needs done for it fails as the test itself would.
#![allow(clippy::unwrap_used, clippy::expect_used)]

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
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("chromedriver is missing: apt-get install chromium chromium-driver");
        let port = listening_port(&mut driver).await;
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

    /// Clicks the button or link of the app panel with this text, once it is there.
    pub(crate) async fn click_in_app(&self, label: &str) {
        let xpath =
            format!("//*[@id='app']//*[(self::button or self::a) and normalize-space()='{label}']");
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::XPath(&xpath))
            .await;
        let element =
            found.unwrap_or_else(|error| panic!("the panel has no button `{label}`: {error}"));
        element.click().await.unwrap();
    }

    /// The text of what the CSS selector finds, once it is there.
    pub(crate) async fn text(&self, selector: &str) -> String {
        self.find(selector).await.text().await.unwrap()
    }

    /// Waits until a JavaScript expression is true.
    pub(crate) async fn wait_until(&self, condition: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.run(condition).await != json!(true) {
            assert!(
                tokio::time::Instant::now() < deadline,
                "never came true: {condition}"
            );
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

    /// The value of a JavaScript expression.
    pub(crate) async fn run(&self, expression: &str) -> Value {
        self.client
            .execute(&format!("return {expression};"), Vec::new())
            .await
            .unwrap()
    }

    /// Fails when the console has an error or a warning, such as a blocked script or a missing file.
    pub(crate) async fn assert_quiet_console(&self) {
        let entries = self.client.issue_cmd(ConsoleLog).await.unwrap();
        let loud: Vec<_> = entries
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")))
            .map(|entry| entry["message"].to_string())
            .collect();
        assert!(loud.is_empty(), "the console is not quiet: {loud:#?}");
    }

    /// Closes the window, and then the driver.
    pub(crate) async fn close(mut self) {
        self.client.close().await.unwrap();
        self.driver.kill().await.unwrap();
    }
}

async fn listening_port(driver: &mut Child) -> u16 {
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some((_, port)) = line.split_once(LISTENING) {
                return port.trim_end_matches('.').parse().unwrap();
            }
        }
        panic!("chromedriver ended without listening");
    };
    let port = tokio::time::timeout(PATIENCE, port)
        .await
        .expect("chromedriver does not listen");
    // It goes on writing, and would stop at a closed pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    port
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
