//! Routes of single-page applications: which events of a recorder tell one.
//!
//! A site's own events may hold any address, as that of a link which was clicked. So an event tells a
//! route only under a name that means one.

use std::borrow::Cow;

use super::Body;
use crate::error::Fault;
use crate::json::{Cursor, Kind};

/// What recorders call a change of the route, in small letters and without what joins words: PostHog's
/// `$pageview` and `$url_changed`, highlight's `Navigate`, Amplitude's `amplitude/url-tracking`, our
/// `recapt:navigation`, and what others would call it.
const NAMES: [&str; 22] = [
    "hashchange",
    "historychange",
    "locationchange",
    "nav",
    "navigate",
    "navigated",
    "navigation",
    "pagechange",
    "pagechanged",
    "pageview",
    "popstate",
    "pushstate",
    "reload",
    "replacestate",
    "route",
    "routechange",
    "routechanged",
    "softnavigation",
    "spanavigation",
    "urlchange",
    "urlchanged",
    "urltracking",
];

/// Whether events of this name tell routes. What stands before the last `:`, `.` or `/` is whose name it
/// is.
pub(super) fn is_told_by(name: &str) -> bool {
    let own = name.rsplit([':', '.', '/']).next().unwrap_or_default();
    let letters = || {
        let letters = own.bytes().filter(u8::is_ascii_alphabetic);
        letters.map(|letter| letter.to_ascii_lowercase())
    };
    NAMES.iter().any(|name| name.bytes().eq(letters()))
}

/// The route in a payload: its address, or an object that has it.
pub(super) fn told<'a>(payload: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let href = match payload.kind()? {
        Kind::String => Some(unquoted(payload.string()?.decode())),
        Kind::Object => {
            let mut href = None;
            payload.object(|cursor, key| {
                match key {
                    "href" | "$current_url" | "url" | "to" => {
                        let read = cursor.string_if_any()?;
                        href = href.take().or(read.map(|text| text.decode()));
                    }
                    _ => cursor.skip()?,
                }
                Ok(())
            })?;
            href
        }
        _ => None,
    };
    Ok(href.map_or(Body::Other, |href| Body::Navigation { href }))
}

/// highlight writes the address as JSON text within the string.
fn unquoted(href: Cow<'_, str>) -> Cow<'_, str> {
    let inner = href
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) => Cow::Owned(inner.to_owned()),
        None => href,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_told_under_a_name_that_means_one() {
        for name in [
            "$pageview",
            "$url_changed",
            "Navigate",
            "Reload",
            "recapt:navigation",
            "sdk:navigation",
            "tracelane.nav",
            "amplitude/url-tracking",
            "route-change",
            "hashchange",
        ] {
            assert!(is_told_by(name), "{name}");
        }
        for name in [
            "",
            "outbound-link",
            "link",
            "Click",
            "$pageleave",
            "navigation-menu-opened",
            "checkout.link",
            "performanceSpan",
        ] {
            assert!(!is_told_by(name), "{name}");
        }
    }
}
