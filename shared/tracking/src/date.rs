//! Moments as clients write them: Unix seconds and finer, ISO 8601, JavaScript's `Date`, mail's, and what
//! people write.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::Json;

/// Longest text that is looked at, bytes.
const MAX_BYTES: usize = 100;

/// The moment that a value stands for; a day is its beginning, and without a zone it is UTC.
pub(crate) fn moment(value: &Json) -> Option<Timestamp> {
    match value {
        Json::Integer(number) => of_number(i128::from(*number)),
        #[allow(clippy::cast_possible_truncation)]
        // `as` saturates, and jiff refuses what is out of range.
        Json::Real(number) if number.abs() < 1e11 => {
            of_number_ms((number * 1_000.0).round() as i64)
        }
        #[allow(clippy::cast_possible_truncation)]
        Json::Real(number) => of_number(*number as i128),
        Json::Text(text) => of_text(text.trim()),
        _ => None,
    }
}

/// The same in whole seconds, as Intercom takes it.
pub(crate) fn seconds(value: &Json) -> Option<i64> {
    moment(value).map(whole_seconds)
}

/// The second in which a moment lies.
pub(crate) fn whole_seconds(moment: Timestamp) -> i64 {
    moment.as_millisecond().div_euclid(1_000)
}

/// The moment of a text that is unmistakably a date: ISO 8601, with a day at least. `"2014"` and
/// `"May 5"` may mean anything.
pub(crate) fn of_iso(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let begins_with_day = bytes.len() >= 10
        && bytes.len() <= MAX_BYTES
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && bytes[..4].iter().all(u8::is_ascii_digit);
    if !begins_with_day {
        return None;
    }
    let zoned = text.parse::<Timestamp>().ok();
    zoned.or_else(|| utc(text.parse().ok()?)).or_else(|| {
        // A space before the zone, or the zone's name.
        let (time, zone) = text.rsplit_once(' ')?;
        match zone {
            "UTC" | "GMT" | "Z" => utc(time.parse().ok()?),
            _ => format!("{time}{zone}").parse().ok(),
        }
    })
}

/// Seconds below 10^11 (until the year 5138), else milliseconds, micro- and nanoseconds.
fn of_number(number: i128) -> Option<Timestamp> {
    let nanoseconds = match number.unsigned_abs() {
        0..100_000_000_000 => number * 1_000_000_000,
        100_000_000_000..100_000_000_000_000 => number * 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => number * 1_000,
        100_000_000_000_000_000..=0x7fff_ffff_ffff_ffff => number,
        _ => return None,
    };
    Timestamp::from_nanosecond(nanoseconds).ok()
}

fn of_number_ms(milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds).ok()
}

/// The moment of a text in any form that is known.
pub(crate) fn of_text(text: &str) -> Option<Timestamp> {
    if text.len() > MAX_BYTES || text.is_empty() {
        return None;
    }
    if let Some(moment) = of_iso(text) {
        return Some(moment);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.len() {
            // A year, as ISO 8601 has it.
            4 => utc(Date::new(text.parse().ok()?, 1, 1).ok()?.into()),
            _ => of_number(text.parse().ok()?),
        };
    }
    written(text)
}

/// Forms with a zone in them, without the day of the week: people write a wrong one, and browsers pass
/// it over.
const ZONED: [&str; 4] = [
    // JavaScript's `Date`.
    "%b %d %Y %H:%M:%S GMT%z",
    "%Y/%m/%d %H:%M:%S %z",
    "%b %d %H:%M:%S %z %Y",
    // Mail's and HTTP's.
    "%d %b %Y %H:%M:%S %z",
];
/// Forms without one. A day of digits alone is month first, as JavaScript's `Date` reads it.
const LOCAL: [&str; 6] = [
    "%b %d %Y %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%b %d, %Y %H:%M:%S",
    "%B %d, %Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
];
/// Days.
const DAYS: [&str; 8] = [
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d %Y",
    "%Y-%m",
];

fn written(text: &str) -> Option<Timestamp> {
    // The zone's name in brackets says nothing more.
    let text = text.split_once(" (").map_or(text, |(date, _)| date);
    let text = without_day_of_week(text);
    let text = text.trim_end_matches(" UTC").trim_end_matches(" GMT");
    let zoned = ZONED
        .iter()
        .find_map(|form| strtime::parse(form, text).ok()?.to_timestamp().ok());
    let local = || {
        let mut forms = LOCAL.iter();
        forms.find_map(|form| utc(DateTime::strptime(form, text).ok()?))
    };
    let day = || {
        let mut forms = DAYS.iter();
        forms.find_map(|form| utc(Date::strptime(form, text).ok()?.into()))
    };
    zoned.or_else(local).or_else(day)
}

fn without_day_of_week(text: &str) -> &str {
    let Some((first, rest)) = text.split_once([' ', ',']) else {
        return text;
    };
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let word = first.to_ascii_lowercase();
    let is_day = days.iter().any(|day| word.starts_with(day))
        && first.bytes().all(|b| b.is_ascii_alphabetic());
    if is_day { rest.trim_start() } else { text }
}

fn utc(local: DateTime) -> Option<Timestamp> {
    Some(TimeZone::UTC.to_zoned(local).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn moments_are_read_however_they_are_written() {
        let text = |text: &str| Json::Text(text.to_owned());
        for (value, expected) in [
            (Json::Integer(1_363_902_294), 1_363_902_294),
            (Json::Integer(1_363_902_294_011), 1_363_902_294),
            (Json::Integer(1_363_902_294_011_000), 1_363_902_294),
            (Json::Integer(1_363_902_294_011_000_000), 1_363_902_294),
            (Json::Real(1_363_902_294.75), 1_363_902_294),
            (Json::Real(1_363_902_294_011.5), 1_363_902_294),
            (Json::Integer(-86_400), -86_400),
            (text("1683017572"), 1_683_017_572),
            (text("1683017572000"), 1_683_017_572),
            (text("2014"), 1_388_534_400),
            (text("2014-01-01"), 1_388_534_400),
            (text("2014-03-11T09:46:09.000Z"), 1_394_531_169),
            (text("2014-03-11T09:46:09.123456789+00:00"), 1_394_531_169),
            (text("2014-03-11T11:46:09+0200"), 1_394_531_169),
            (text("2014-03-11T09:46:09"), 1_394_531_169),
            (text("2014-03-11 09:46:09"), 1_394_531_169),
            (text("2014-03-11 09:46:09 UTC"), 1_394_531_169),
            (text("2014-03-11 11:46:09 +0200"), 1_394_531_169),
            (
                text("Thu Mar 24 2016 17:46:45 GMT+0000 (UTC)"),
                1_458_841_605,
            ),
            (
                text("Thu Mar 24 2016 18:46:45 GMT+0100 (Central European Standard Time)"),
                1_458_841_605,
            ),
            (text("Thu, 24 Mar 2016 17:46:45 GMT"), 1_458_841_605),
            (text("Thu, 24 Mar 2016 18:46:45 +0100"), 1_458_841_605),
            (text("Thursday, 24 March 2016"), 1_458_777_600),
            // It was a Sunday.
            (
                text("Mon May 19 2019 18:34:24 GMT+0000 (UTC)"),
                1_558_290_864,
            ),
            (text("Thu Mar 24 2016 17:46:45"), 1_458_841_605),
            (text("Thu Mar 24 17:46:45 +0000 2016"), 1_458_841_605),
            (text("2016/03/24 17:46:45"), 1_458_841_605),
            (text("03/24/2016 17:46:45"), 1_458_841_605),
            (text("March 24, 2016"), 1_458_777_600),
            (text("Mar 24, 2016"), 1_458_777_600),
            (text("24 March 2016"), 1_458_777_600),
            (text("3/24/2016"), 1_458_777_600),
        ] {
            let shown = value.as_text().unwrap_or("number").to_owned();
            assert_eq!(seconds(&value), Some(expected), "{shown}");
        }
        for other in [
            "",
            "soon",
            "12:30",
            "2014-13-01",
            "May 5",
            "Infinity",
            "1e5",
        ] {
            assert_eq!(seconds(&text(other)), None, "{other}");
        }
    }

    #[test]
    fn only_iso_with_a_day_is_unmistakably_a_date() {
        for text in ["2014-01-01", "2014-01-01T10:00:00Z", "2014-01-01 10:00:00"] {
            assert!(of_iso(text).is_some(), "{text}");
        }
        for text in [
            "2014",
            "2014-01",
            "1388534400",
            "2014-01-0x",
            "2014-01-01-7",
            "Mar 24, 2016",
        ] {
            assert!(of_iso(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,70}", integer: i64, real: f64) {
            moment(&Json::Text(text.clone()));
            of_iso(&text);
            moment(&Json::Integer(integer));
            moment(&Json::Real(real));
        }

        #[test]
        fn a_moment_is_the_same_in_seconds_milliseconds_and_iso(second in 0_i64..4_000_000_000) {
            let iso = Timestamp::from_second(second).unwrap().to_string();
            prop_assert_eq!(seconds(&Json::Integer(second)), Some(second));
            prop_assert_eq!(seconds(&Json::Text(iso)), Some(second));
            if second >= 100_000_000 {
                prop_assert_eq!(seconds(&Json::Integer(second * 1_000)), Some(second));
            }
        }
    }
}
