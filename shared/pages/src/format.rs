//! Times, durations, counts and addresses as people read them: in the panel and on every page.
//!
//! Times are absolute: a canvas stands still, so "3 minutes ago" would soon be wrong, and Intercom's review
//! refuses it.

use identity::PageAddress;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// `Nov 20, 2026 at 1:05PM`, with `UTC` behind it where that is the zone: then nobody may have chosen one.
#[must_use]
pub fn date_and_time(at: Timestamp, timezone: &TimeZone) -> String {
    let written = at
        .to_zoned(timezone.clone())
        .strftime("%b %-d, %Y at %-I:%M%p")
        .to_string();
    match timezone.iana_name() {
        Some("UTC") | None => format!("{written} UTC"),
        Some(_) => written,
    }
}

/// `1:05PM`
#[must_use]
pub fn time(at: Timestamp, timezone: &TimeZone) -> String {
    at.to_zoned(timezone.clone())
        .strftime("%-I:%M%p")
        .to_string()
}

/// `1:05:12PM`
#[must_use]
pub fn time_to_the_second(at: Timestamp, timezone: &TimeZone) -> String {
    at.to_zoned(timezone.clone())
        .strftime("%-I:%M:%S%p")
        .to_string()
}

/// `under a second`, `41s`, `12m 40s`, `1h 2m`
#[must_use]
pub fn duration(ms: u64) -> String {
    let seconds = ms / 1_000;
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) => "under a second".to_owned(),
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, 0) => format!("{minutes}m"),
        (0, minutes, seconds) => format!("{minutes}m {seconds}s"),
        (hours, 0, _) => format!("{hours}h"),
        (hours, minutes, _) => format!("{hours}h {minutes}m"),
    }
}

/// A place in a recording: `0:05`, `12:40`, `1:02:03`
#[must_use]
pub fn offset(ms: u64) -> String {
    let seconds = ms / 1_000;
    match seconds / 3_600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

/// `1 page`, `4 pages`
#[must_use]
pub fn count(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// A page by its path: `/cart`, `/ (front page)`
#[must_use]
pub fn page(url: &str) -> String {
    match Url::parse(url) {
        Ok(parsed) if parsed.has_host() && parsed.path() == "/" => "/ (front page)".to_owned(),
        Ok(parsed) => parsed.path().to_owned(),
        Err(_) => url.to_owned(),
    }
}

/// A page that is known by its address alone, named as [`page`] does.
#[must_use]
pub fn page_address(address: &PageAddress) -> String {
    page(&format!("https://{}", address.as_str()))
}

/// At most `chars` characters, with an ellipsis where something is missing.
#[must_use]
pub fn clip(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some(_) => text
            .chars()
            .take(chars.saturating_sub(1))
            .chain(['…'])
            .collect(),
    }
}

/// At most `chars` characters of whole words, with an ellipsis where something is missing; a word that is
/// longer by itself is cut.
#[must_use]
pub fn clip_words(text: &str, chars: usize) -> String {
    let clipped = clip(text, chars);
    let Some(start) = clipped.strip_suffix('…').filter(|_| clipped != text) else {
        return clipped;
    };
    let is_whole = text[start.len()..].starts_with(' ');
    match start.rsplit_once(' ').filter(|_| !is_whole) {
        Some((words, _)) => format!("{}…", words.trim_end()),
        None => format!("{}…", start.trim_end()),
    }
}

/// The wall clock at a place in a recording.
#[must_use]
pub fn wall_clock(started_at: Timestamp, at_ms: u64) -> Timestamp {
    let offset = SignedDuration::from_millis(i64::try_from(at_ms).unwrap_or(i64::MAX));
    started_at.saturating_add(offset).unwrap_or(started_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_absolute_and_in_the_given_zone() {
        let at: Timestamp = "2026-11-20T18:05:07.9Z".parse().unwrap();
        let new_york = TimeZone::get("America/New_York").unwrap();
        assert_eq!(date_and_time(at, &new_york), "Nov 20, 2026 at 1:05PM");
        assert_eq!(
            date_and_time(at, &TimeZone::get("Asia/Tokyo").unwrap()),
            "Nov 21, 2026 at 3:05AM"
        );
        assert_eq!(time(at, &TimeZone::UTC), "6:05PM");
        assert_eq!(time_to_the_second(at, &TimeZone::UTC), "6:05:07PM");
    }

    #[test]
    fn a_time_names_its_zone_where_nobody_chose_one() {
        let at: Timestamp = "2026-11-20T13:05:00Z".parse().unwrap();
        for (zone, written) in [
            ("UTC", "Nov 20, 2026 at 1:05PM UTC"),
            ("America/New_York", "Nov 20, 2026 at 8:05AM"),
        ] {
            assert_eq!(date_and_time(at, &TimeZone::get(zone).unwrap()), written);
        }
    }

    #[test]
    fn durations_keep_their_two_largest_units() {
        let cases = [
            (0, "under a second"),
            (999, "under a second"),
            (41_234, "41s"),
            (65_400, "1m 5s"),
            (120_000, "2m"),
            (760_999, "12m 40s"),
            (3_600_000, "1h"),
            (3_605_000, "1h"),
            (3_725_000, "1h 2m"),
            (90_000_000, "25h"),
        ];
        for (ms, text) in cases {
            assert_eq!(duration(ms), text);
        }
    }

    #[test]
    fn offsets_are_what_a_player_shows() {
        for (ms, text) in [
            (0, "0:00"),
            (5_065, "0:05"),
            (65_400, "1:05"),
            (760_000, "12:40"),
            (3_605_000, "1:00:05"),
            (3_723_000, "1:02:03"),
        ] {
            assert_eq!(offset(ms), text);
        }
    }

    #[test]
    fn pages_are_named_by_what_tells_them_apart() {
        let cases = [
            ("https://shop.example/cart/2", "/cart/2"),
            ("https://shop.example/", "/ (front page)"),
            ("https://shop.example", "/ (front page)"),
            ("about:blank", "blank"),
            ("no url", "no url"),
        ];
        for (url, name) in cases {
            assert_eq!(page(url), name);
            if let Some(address) = PageAddress::of(url) {
                assert_eq!(page_address(&address), name);
            }
        }
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(clip("größer", 6), "größer");
        assert_eq!(clip("größer", 5), "größ…");
    }

    #[test]
    fn long_text_is_cut_between_words_where_it_has_any() {
        for (text, chars, clipped) in [
            ("one two three", 13, "one two three"),
            ("one two three", 12, "one two…"),
            ("one two three", 8, "one two…"),
            ("one two three", 7, "one…"),
            ("unbroken", 4, "unb…"),
            ("größer als", 8, "größer…"),
        ] {
            assert_eq!(clip_words(text, chars), clipped, "{chars}");
            assert!(clipped.chars().count() <= chars);
        }
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(
            [count(0, "page"), count(1, "page"), count(2, "page")],
            ["0 pages", "1 page", "2 pages"]
        );
    }
}
