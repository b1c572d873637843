//! Times, durations, counts and pages as people read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

/// `Nov 20, 2026 at 1:05PM`, with `UTC` behind it where that is the zone.
pub(super) fn date_and_time(at: Timestamp, timezone: &TimeZone) -> String {
    let written = at
        .to_zoned(timezone.clone())
        .strftime("%b %-d, %Y at %-I:%M%p")
        .to_string();
    match timezone.iana_name() {
        Some("UTC") | None => format!("{written} UTC"),
        Some(_) => written,
    }
}

/// `41s`, `12m 40s`, `1h 2m`
pub(super) fn duration(ms: u64) -> String {
    let seconds = ms / 1_000;
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) => "<1s".to_owned(),
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m {seconds}s"),
        (hours, minutes, _) => format!("{hours}h {minutes}m"),
    }
}

/// A place in a recording: `0:05`, `12:40`, `1:02:03`
pub(super) fn offset(ms: u64) -> String {
    let seconds = ms / 1_000;
    match seconds / 3_600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

/// `1 page`, `4 pages`
pub(super) fn count(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// A page by its path, or by its host when that is all there is to it: `/cart`, `shop.example`
pub(super) fn page(url: &str) -> String {
    let parsed = Url::parse(url).ok();
    let name = parsed.as_ref().and_then(|url| match url.path() {
        "/" | "" => url.host_str(),
        path => Some(path),
    });
    name.unwrap_or(url).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_durations_are_short() {
        for (ms, length, place) in [
            (0, "<1s", "0:00"),
            (65_400, "1m 5s", "1:05"),
            (3_605_000, "1h 0m", "1:00:05"),
        ] {
            assert_eq!((&*duration(ms), &*offset(ms)), (length, place));
        }
        assert_eq!(count(1, "page"), "1 page");
        assert_eq!(count(0, "page"), "0 pages");
    }

    #[test]
    fn a_time_names_its_zone_where_nobody_chose_one() {
        let at: Timestamp = "2026-11-20T13:05:00Z".parse().unwrap();
        for (zone, written) in [
            ("UTC", "Nov 20, 2026 at 1:05PM UTC"),
            ("America/New_York", "Nov 20, 2026 at 8:05AM"),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            assert_eq!(date_and_time(at, &zone), written);
        }
    }

    #[test]
    fn a_page_is_named_by_its_path() {
        for (url, name) in [
            ("https://shop.example/cart", "/cart"),
            ("https://shop.example/", "shop.example"),
            ("about:blank", "blank"),
            ("not an address", "not an address"),
        ] {
            assert_eq!(page(url), name);
        }
    }
}
