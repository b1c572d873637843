//! What the visitor used: told by the recorder, because rrweb itself records no user agent.

use serde::{Deserialize, Serialize};

use crate::definitions::{MAX_RESIZES, WIDTH_CLASSES_PX};
use crate::event::Context;
use crate::privacy;
use crate::spread::{Place, thin};
use crate::summary::{Device, Viewport};

/// The device as far as it is known.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct DeviceLog {
    pub(crate) device: Device,
    /// When the window came into another class of widths, and its new width.
    pub(crate) resizes: Vec<(i64, Viewport)>,
}

impl DeviceLog {
    pub(crate) fn context(&mut self, context: &Context<'_>) {
        // Every page tells it again.
        if let Some(user_agent) = &context.user_agent
            && self.device.browser.is_none()
        {
            let (browser, version) = browser(user_agent).unzip();
            self.device.browser = browser.map(str::to_owned);
            self.device.browser_version = version;
            self.device.os = os(user_agent).map(str::to_owned);
        }
        for (told, known) in [
            (&context.language, &mut self.device.language),
            (&context.timezone, &mut self.device.timezone),
        ] {
            if let Some(told) = told {
                *known = Some(privacy::label(told));
            }
        }
    }

    pub(crate) fn viewport(&mut self, at: i64, width: u32, height: u32) {
        if width == 0 || height == 0 {
            return;
        }
        let viewport = Viewport { width, height };
        let former = self.device.viewport.replace(viewport);
        if former.is_none_or(|former| class(former.width) == class(width)) {
            return;
        }
        if self.resizes.len() == MAX_RESIZES {
            let place = |(at, _): &(i64, Viewport)| Place { at: *at, rank: 0 };
            thin(&mut self.resizes, MAX_RESIZES / 2, place);
        }
        self.resizes.push((at, viewport));
    }
}

fn class(width: u32) -> usize {
    WIDTH_CLASSES_PX
        .iter()
        .filter(|limit| width >= **limit)
        .count()
}

/// Family and major version. Order matters: most browsers also claim to be Chrome and Safari.
fn browser(user_agent: &str) -> Option<(&'static str, String)> {
    const TOKENS: [(&str, &str); 13] = [
        ("Edg/", "Edge"),
        ("EdgA/", "Edge"),
        ("EdgiOS/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("YaBrowser/", "Yandex"),
        ("Vivaldi/", "Vivaldi"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("HeadlessChrome/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Version/", "Safari"),
    ];
    TOKENS.iter().find_map(|(token, name)| {
        let at = user_agent.find(token)?;
        let version = user_agent.get(at + token.len()..)?;
        let major: String = version
            .chars()
            .take_while(char::is_ascii_digit)
            .take(4)
            .collect();
        (!major.is_empty()).then_some((*name, major))
    })
}

fn os(user_agent: &str) -> Option<&'static str> {
    const TOKENS: [(&str, &str); 8] = [
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Macintosh", "macOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    TOKENS
        .iter()
        .find_map(|(token, name)| user_agent.contains(token).then_some(*name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_agents_tell_browser_version_and_system() {
        for (user_agent, family, version, system) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
                "Chrome",
                "156",
                "Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "Edge",
                "140",
                "Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15",
                "Safari",
                "19",
                "macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1",
                "Chrome",
                "140",
                "iOS",
            ),
            (
                "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
                "Firefox",
                "145",
                "Android",
            ),
        ] {
            assert_eq!(
                browser(user_agent),
                Some((family, version.to_owned())),
                "{user_agent}"
            );
            assert_eq!(os(user_agent), Some(system), "{user_agent}");
        }
        assert_eq!(browser("curl"), None);
    }
}
