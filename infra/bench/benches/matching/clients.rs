//! Which browsers people have, and what Intercom makes of them.

use fastrand::Rng;
use identity::ClientDetails;

use crate::world::chance;

/// Browser, newest version, system; and how many of a hundred have it.
const BROWSERS: [(&str, u32, &str, u32); 9] = [
    ("Chrome", 156, "Windows", 32),
    ("Safari", 26, "iOS", 19),
    ("Chrome", 156, "Android", 16),
    ("Chrome", 156, "macOS", 11),
    ("Safari", 26, "macOS", 8),
    ("Edge", 155, "Windows", 8),
    ("Firefox", 150, "Windows", 3),
    ("Samsung Internet", 31, "Android", 2),
    ("Firefox", 150, "Linux", 1),
];

/// Tags, and how many of a hundred have them.
const LANGUAGES: [(&str, u32); 5] = [
    ("en-US", 50),
    ("en-GB", 15),
    ("de-DE", 15),
    ("fr-FR", 12),
    ("es-ES", 8),
];

/// As a recorder sees it. All of an office have the same, but for one in ten.
pub(crate) fn recorded(rng: &mut Rng, office: Option<usize>) -> ClientDetails {
    let own = &mut rng.fork();
    let of_office = &mut Rng::with_seed(office.unwrap_or_default() as u64);
    let rng = match office {
        Some(_) if chance(own, 90) => of_office,
        _ => own,
    };
    let (browser, newest, os) = draw(rng, BROWSERS.map(|(b, n, os, share)| ((b, n, os), share)));
    let behind = draw(rng, [(0, 75), (1, 17), (2, 8)]);
    client(browser, newest - behind, os, draw(rng, LANGUAGES))
}

/// As Intercom tells it: in its own words, now and then in part, or nothing.
pub(crate) fn as_intercom_says(rng: &mut Rng, recorded: &ClientDetails) -> ClientDetails {
    if chance(rng, 8) {
        return ClientDetails::default();
    }
    let said = |known: &Option<String>, name: fn(&str) -> String| known.as_deref().map(name);
    let mut told = ClientDetails {
        browser: said(&recorded.browser, browser_name),
        browser_version: recorded.browser_version.clone(),
        os: said(&recorded.os, system_name),
        language: said(&recorded.language, |tag| tag[..2].to_owned()),
    };
    match rng.u32(..100) {
        0..4 => told.language = None,
        4..8 => told.os = None,
        8..10 => told.browser_version = None,
        // Of browsers that are made of Chrome.
        10..12 => told.browser = Some("chrome".to_owned()),
        _ => {}
    }
    told
}

fn browser_name(recorded: &str) -> String {
    recorded.to_lowercase()
}

fn system_name(recorded: &str) -> String {
    match recorded {
        "macOS" => "Mac OS X".to_owned(),
        "iOS" => "iphone".to_owned(),
        other => other.to_lowercase(),
    }
}

fn client(browser: &str, version: u32, os: &str, language: &str) -> ClientDetails {
    ClientDetails {
        browser: Some(browser.to_owned()),
        browser_version: Some(version.to_string()),
        os: Some(os.to_owned()),
        language: Some(language.to_owned()),
    }
}

/// One of these, by their shares.
pub(crate) fn draw<T: Copy, const N: usize>(rng: &mut Rng, shares: [(T, u32); N]) -> T {
    let all: u32 = shares.iter().map(|(_, share)| share).sum();
    let mut left = rng.u32(..all);
    for (value, share) in shares {
        match left.checked_sub(share) {
            Some(rest) => left = rest,
            None => return value,
        }
    }
    shares[N - 1].0
}
