//! Somebody on a site, in whichever browser.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::driver::Browser;
use crate::firefox::Firefox;

/// How long a page may take to do something.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) enum Visitor {
    Chromium(Box<Browser>),
    Firefox(Box<Firefox>),
}

impl Visitor {
    /// One with Chromium.
    pub(crate) async fn chromium() -> Self {
        Self::Chromium(Box::new(Browser::start(900, 700).await))
    }

    /// One with Chromium, and one with Firefox where there is one.
    pub(crate) async fn of_each_browser() -> Vec<Self> {
        let chromium = Browser::start(900, 700).await;
        let mut visitors = vec![Self::Chromium(Box::new(chromium))];
        visitors.extend(
            Firefox::start()
                .await
                .map(|firefox| Self::Firefox(Box::new(firefox))),
        );
        visitors
    }

    pub(crate) fn is_chromium(&self) -> bool {
        matches!(self, Self::Chromium(_))
    }

    pub(crate) async fn open(&self, url: &str) {
        match self {
            Self::Chromium(browser) => browser.open(url).await,
            Self::Firefox(firefox) => firefox.open(url).await,
        }
    }

    /// Opens a page, and waits until it is recorded.
    pub(crate) async fn visit(&self, url: &str) {
        self.open(url).await;
        self.wait_until_recorded().await;
    }

    pub(crate) async fn wait_until_recorded(&self) {
        self.wait_until("typeof window.recapt?.sessionId?.() === 'string'")
            .await;
    }

    pub(crate) async fn click(&self, selector: &str) {
        match self {
            Self::Chromium(browser) => browser.click(selector).await,
            Self::Firefox(firefox) => firefox.click(selector).await,
        }
    }

    pub(crate) async fn send_keys(&self, selector: &str, text: &str) {
        match self {
            Self::Chromium(browser) => {
                let field = browser.find(selector).await;
                field.send_keys(text).await.unwrap();
            }
            Self::Firefox(firefox) => firefox.send_keys(selector, text).await,
        }
    }

    /// The value of a JavaScript expression.
    pub(crate) async fn run(&self, expression: &str) -> Value {
        match self {
            Self::Chromium(browser) => browser.run(expression).await,
            Self::Firefox(firefox) => firefox.run(expression).await,
        }
    }

    /// Does something once the driver does not wait for it any more: a page that goes away answers nobody.
    pub(crate) async fn run_soon(&self, statement: &str) {
        self.run(&format!("void setTimeout(() => {{ {statement} }}, 20)"))
            .await;
    }

    pub(crate) async fn wait_until(&self, condition: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.run(condition).await != json!(true) {
            assert!(Instant::now() < deadline, "never came true: {condition}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Answers the dialog that is open with yes.
    pub(crate) async fn accept_dialog(&self) {
        match self {
            Self::Chromium(browser) => browser.accept_dialog().await,
            Self::Firefox(firefox) => firefox.accept_dialog().await,
        }
    }

    pub(crate) async fn close(self) {
        match self {
            Self::Chromium(browser) => browser.close().await,
            Self::Firefox(firefox) => firefox.close().await,
        }
    }
}
