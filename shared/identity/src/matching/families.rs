//! Browsers and systems by their families, whatever they are called.
//!
//! Intercom says `chrome`, `Mac OS X 10.15.7` and `en`; a recording says `Chrome`, `macOS` and `en-US`. What
//! is not known, or has a name that is not on this page, says nothing.

use crate::ClientDetails;

/// How two things compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Same,
    Differ,
    /// One of them is not known.
    Unknown,
}

/// Beginnings of words, and the family that a name with such a word is of. The first one counts: most
/// browsers are also called after what they are made of.
type Families = &'static [(&'static str, &'static str)];

const BROWSERS: Families = &[
    ("edg", "Edge"),
    ("opera", "Opera"),
    ("opr", "Opera"),
    ("samsung", "Samsung Internet"),
    ("yandex", "Yandex"),
    ("yabrowser", "Yandex"),
    ("vivaldi", "Vivaldi"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("chrom", "Chrome"),
    ("crios", "Chrome"),
    ("headlesschrome", "Chrome"),
    ("safari", "Safari"),
];

const SYSTEMS: Families = &[
    ("ios", "iOS"),
    ("iphone", "iOS"),
    ("ipad", "iOS"),
    ("ipod", "iOS"),
    ("android", "Android"),
    ("win", "Windows"),
    ("cros", "ChromeOS"),
    ("chrom", "ChromeOS"),
    ("mac", "macOS"),
    ("os", "macOS"),
    ("linux", "Linux"),
    ("ubuntu", "Linux"),
    ("debian", "Linux"),
    ("fedora", "Linux"),
];

pub(super) fn compare_browsers(a: &ClientDetails, b: &ClientDetails) -> Comparison {
    let family = |name: &Option<String>| family(BROWSERS, name.as_deref()?);
    compare(family(&a.browser), family(&b.browser))
}

pub(super) fn compare_systems(a: &ClientDetails, b: &ClientDetails) -> Comparison {
    let family = |name: &Option<String>| family(SYSTEMS, name.as_deref()?);
    compare(family(&a.os), family(&b.os))
}

/// Major versions: means nothing unless the browsers are the same.
pub(super) fn compare_versions(a: &ClientDetails, b: &ClientDetails) -> Comparison {
    compare(
        leading(&a.browser_version, |c| c.is_ascii_digit()),
        leading(&b.browser_version, |c| c.is_ascii_digit()),
    )
}

/// Languages without their regions: Intercom often leaves those out.
pub(super) fn compare_languages(a: &ClientDetails, b: &ClientDetails) -> Comparison {
    let lower = |tag: Option<&str>| tag.map(str::to_ascii_lowercase);
    compare(
        lower(leading(&a.language, |c| c.is_ascii_alphabetic())),
        lower(leading(&b.language, |c| c.is_ascii_alphabetic())),
    )
}

fn compare<T: PartialEq>(a: Option<T>, b: Option<T>) -> Comparison {
    match (a, b) {
        (Some(a), Some(b)) if a == b => Comparison::Same,
        (Some(_), Some(_)) => Comparison::Differ,
        _ => Comparison::Unknown,
    }
}

fn family(families: Families, name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let words = || name.split(|c: char| !c.is_ascii_alphanumeric());
    let known = |(beginning, _): &&(&str, _)| words().any(|word| word.starts_with(beginning));
    families.iter().find(known).map(|(_, family)| *family)
}

/// What a text begins with, if that is anything.
fn leading(text: &Option<String>, belongs: fn(char) -> bool) -> Option<&str> {
    let text = text.as_deref()?.trim_start();
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.get(..end).filter(|leading| !leading.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Comparison::{Differ, Same, Unknown};

    #[test]
    fn a_browser_is_of_the_same_family_by_whatever_name() {
        for (intercom, recorded, compared) in [
            ("chrome", "Chrome", Same),
            ("Chrome Mobile iOS", "Chrome", Same),
            ("Mobile Safari", "Safari", Same),
            ("safari", "Chrome", Differ),
            ("Microsoft Edge", "Edge", Same),
            ("edge", "Chrome", Differ),
            ("samsung_browser", "Samsung Internet", Same),
            ("Other", "Chrome", Unknown),
            ("", "Chrome", Unknown),
        ] {
            let (intercom, recorded) = (browser(intercom), browser(recorded));
            assert_eq!(
                compare_browsers(&intercom, &recorded),
                compared,
                "{intercom:?}"
            );
            assert_eq!(
                compare_browsers(&recorded, &intercom),
                compared,
                "{intercom:?}"
            );
        }
        assert_eq!(
            compare_browsers(&ClientDetails::default(), &browser("Chrome")),
            Unknown
        );
    }

    #[test]
    fn a_system_is_of_the_same_family_by_whatever_name() {
        for (intercom, recorded, compared) in [
            ("Mac OS X", "macOS", Same),
            ("OS X 10.11.6", "macOS", Same),
            ("mac", "macOS", Same),
            ("iphone", "iOS", Same),
            ("iPhone OS 19", "iOS", Same),
            ("iPadOS", "iOS", Same),
            ("iOS", "macOS", Differ),
            ("windows", "Windows", Same),
            ("Microsoft Windows 11", "Windows", Same),
            ("Windows", "macOS", Differ),
            ("Android 16", "Android", Same),
            ("Chrome OS", "ChromeOS", Same),
            ("Ubuntu", "Linux", Same),
            ("Linux", "Android", Differ),
            ("Haiku", "Linux", Unknown),
        ] {
            let (intercom, recorded) = (system(intercom), system(recorded));
            assert_eq!(
                compare_systems(&intercom, &recorded),
                compared,
                "{intercom:?}"
            );
            assert_eq!(
                compare_systems(&recorded, &intercom),
                compared,
                "{intercom:?}"
            );
        }
    }

    #[test]
    fn only_the_major_version_and_the_language_itself_count() {
        for (a, b, compared) in [
            ("156", "156.0.6999.1", Same),
            ("156", "15", Differ),
            ("156", "beta", Unknown),
        ] {
            let [a, b] = [a, b].map(|version| ClientDetails {
                browser_version: Some(version.to_owned()),
                ..ClientDetails::default()
            });
            assert_eq!(compare_versions(&a, &b), compared);
        }
        for (a, b, compared) in [
            ("en", "en-US", Same),
            ("EN_gb", "en-US", Same),
            ("e", "en", Differ),
            ("de", "en", Differ),
            ("", "en", Unknown),
        ] {
            let [a, b] = [a, b].map(|language| ClientDetails {
                language: Some(language.to_owned()),
                ..ClientDetails::default()
            });
            assert_eq!(compare_languages(&a, &b), compared);
        }
    }

    fn browser(name: &str) -> ClientDetails {
        ClientDetails {
            browser: Some(name.to_owned()),
            ..ClientDetails::default()
        }
    }

    fn system(name: &str) -> ClientDetails {
        ClientDetails {
            os: Some(name.to_owned()),
            ..ClientDetails::default()
        }
    }
}
