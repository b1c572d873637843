//! The bundle, and a window that somebody looks at it with.

use std::path::Path;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use local::{Bundle, Config};
use platform::config::Environment;
use tempfile::TempDir;

use crate::accessibility::grave_findings;
use crate::driver::Browser;

/// A laptop's window, CSS pixels.
const LAPTOP: (u32, u32) = (1440, 1000);

/// How every page has to look right: in a laptop's window and on small phones, in both schemes, and in the
/// colours that somebody has chosen for all pages.
const LOOKS: [(&str, (u32, u32), Colours); 4] = [
    ("1440", LAPTOP, LIGHT),
    ("1440-dark", LAPTOP, ("dark", false)),
    ("390-forced", (390, 844), ("light", true)),
    ("320-dark", (320, 700), ("dark", false)),
];

/// A scheme, and whether somebody has chosen colours for all pages.
type Colours = (&'static str, bool);

const LIGHT: Colours = ("light", false);

pub(crate) struct Window {
    pub(crate) bundle: Bundle,
    pub(crate) browser: Browser,
    pub(crate) data_dir: TempDir,
}

impl Window {
    /// A bundle, with the demo or without, and an empty window.
    pub(crate) async fn open(demo: &str, width: u32, height: u32) -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let path = data_dir.path().display().to_string();
        let variables = [("PORT", "0"), ("DEMO", demo), ("DATA_DIR", &path)];
        let environment = variables
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into_iter();
        let config = Config::from_environment(&environment.collect::<Environment>()).unwrap();
        Self {
            // Boxed: it carries the start of every function.
            bundle: Box::pin(Bundle::start(config)).await.unwrap(),
            browser: Browser::start(width, height).await,
            data_dir,
        }
    }

    /// A bundle without a demo, and a window with its settings page.
    pub(crate) async fn with_settings() -> Self {
        let (width, height) = LAPTOP;
        let window = Self::open("0", width, height).await;
        window.go("/settings/integrations/intercom").await;
        window
    }

    pub(crate) async fn go(&self, path: &str) {
        let url = format!("{}{path}", self.bundle.url());
        self.browser.open(&url).await;
    }

    /// Signs in on the settings page, by which the workspace is connected.
    pub(crate) async fn sign_in(&self) {
        self.browser.click_label("Sign in with Intercom").await;
        self.browser.click_label("Allow").await;
        let connected = "document.querySelector('.badge')?.innerText === 'Connected'";
        self.browser.wait_until(connected).await;
    }

    /// Looks at the page in every way: a screenshot for people, axe for the rest.
    pub(crate) async fn look(&self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        for (look, (width, height), (scheme, is_forced)) in LOOKS {
            self.browser.lay_out(width, height).await;
            self.browser.emulate_colours(scheme, is_forced).await;
            // The player fits its stage when the browser next draws.
            tokio::time::sleep(Duration::from_millis(200)).await;
            let page = format!("{name}-{look}");
            let screenshot = BASE64_STANDARD
                .decode(self.browser.screenshot().await)
                .unwrap();
            std::fs::write(folder.join(format!("{page}.png")), screenshot).unwrap();
            let findings = grave_findings(&self.browser).await;
            assert!(findings.is_empty(), "{page}: {findings:#?}");
            let overflow = "document.documentElement.scrollWidth > window.innerWidth";
            assert_eq!(
                self.browser.run(overflow).await,
                false,
                "{page} scrolls sideways"
            );
        }
        let (width, height) = LAPTOP;
        self.browser.lay_out(width, height).await;
        self.browser.emulate_colours(LIGHT.0, LIGHT.1).await;
    }

    pub(crate) async fn close(self) {
        self.browser.assert_quiet_console().await;
        self.browser.close().await;
        self.bundle.shutdown().await;
    }
}
