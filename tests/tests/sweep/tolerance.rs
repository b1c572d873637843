//! All that may differ after an answer was lost, and why. But for what is random (`masking`), and for
//! messages that come twice, which nobody counts.

use aws_sdk_dynamodb::types::AttributeValue;
use table::{EXPIRES, PARTITION, SORT};

use crate::snapshot::{Row, Rows};

/// How often whoever asked has asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Once,
    /// After a failure.
    Again,
    /// After a failure, from the beginning of an authorization on.
    Anew,
}

/// Rows with what may differ after an answer was lost set to what it usually is.
///
/// - Whoever counts adds, and what is added twice counts twice: the numbers of a day, and how often a link
///   was opened. They are for people, and say so. Who is told of a failure after what is counted was noted as
///   done does not come to counting any more.
/// - Who asks again after a failure may have a row written once more: its writes are counted.
/// - Who sends a chunk again has a run at once instead of four seconds after the last one, and no news is
///   heard of the session by that: when it was last heard of, when it last had a run, and what expires after
///   that, is earlier.
/// - Who is sent out again is another browser to us, by a random name.
/// - Who makes a source or its key again has made two. Of the first key nobody has heard.
/// - Who authorizes anew connects once more, and each connection has a number. They spend another state.
pub(crate) fn forgiving(found: &Rows, usual: &Rows, asked: Asked) -> Rows {
    let is_again = asked != Asked::Once;
    let mut rows = found.clone();
    for (key, row) in &mut rows {
        let Some(usual) = usual.get(key).or_else(|| twin(row, usual)) else {
            continue;
        };
        if is_again
            && row[SORT] == AttributeValue::S("HANDOVER".to_owned())
            && let Some(browser) = usual.get("browser")
        {
            row.insert("browser".to_owned(), browser.clone());
        }
        if is_again
            && let (Some(AttributeValue::Ss(found)), Some(expected)) =
                (row.get("key_digests"), usual.get("key_digests"))
            && expected
                .as_ss()
                .is_ok_and(|expected| expected.len() <= found.len())
        {
            row.insert("key_digests".to_owned(), expected.clone());
        }
        let is_count = is_count(row);
        let is_session = key.0.contains("#ACTIVE#") || key.0.contains("#SESSION#");
        if is_again
            && let (Some(listed), Some(usual)) = (row.get_mut("unlisted"), usual.get("unlisted"))
        {
            forgive_version(listed, usual);
        }
        for (name, value) in row.iter_mut() {
            let (Some(found), Some(expected)) = (count(value), usual.get(name).and_then(count))
            else {
                continue;
            };
            let is_more = found >= expected;
            let is_forgiven = match name.as_str() {
                "opened" => is_more,
                "version" | "projected" | "keys_version" => is_again && is_more,
                "epoch" => asked == Asked::Anew && is_more,
                "expires" | "last_chunk_at" | "last_run_at" => is_again && is_session && !is_more,
                _ => is_count && (is_again || is_more),
            };
            if is_forgiven {
                *value = AttributeValue::N(expected.to_string());
            }
        }
    }
    if is_again {
        let counts = usual.iter().filter(|(_, row)| is_count(row));
        for (key, row) in counts {
            let found = rows.entry(key.clone()).or_insert_with(|| row.clone());
            for (name, value) in row {
                found.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
    }
    rows
}

/// What stands in the session's own row until it is in a list has the number of its writes as well.
fn forgive_version(listed: &mut AttributeValue, usual: &AttributeValue) {
    let (AttributeValue::M(listed), AttributeValue::M(usual)) = (listed, usual) else {
        return;
    };
    let version = |row: &std::collections::HashMap<String, AttributeValue>| {
        row.get("version").and_then(count)
    };
    if let (Some(found), Some(expected)) = (version(listed), version(usual))
        && found >= expected
    {
        listed.insert(
            "version".to_owned(),
            AttributeValue::N(expected.to_string()),
        );
    }
}

fn is_count(row: &Row) -> bool {
    let partition = row[PARTITION].as_s().unwrap();
    row[SORT] == AttributeValue::S("COUNTS".to_owned()) || partition.contains("#DELIVERED#")
}

/// Whether it is a row that a try which failed may leave: by which nobody finds anything any more, until it
/// expires. The same goes for the state of an analyzer, of a run that had to be done again.
pub(crate) fn is_left_over(row: &Row, asked: Asked) -> bool {
    let part = |name: &str| row[name].as_s().unwrap().as_str();
    let is_of_a_source = part(SORT) == "KEY" && row.contains_key("source");
    let is_source = part(SORT).starts_with("SOURCE#") && row.contains_key("settings");
    if asked != Asked::Once && (is_of_a_source || is_source) {
        return true;
    }
    let is_nobodys = match part(SORT) {
        // Of a notification that was parked under another name, or sent again.
        sort if sort.starts_with("PIECE#") => true,
        // A place of a problem that is gone: lists read the problem itself, and pass over it.
        _ if part(PARTITION).contains("#PROBLEMS#") => true,
        // A name of a link that is revoked.
        _ if part(PARTITION).ends_with("#SHARES") => true,
        "HANDOVER" => row.contains_key("taken_at"),
        "STATE" => asked == Asked::Anew,
        _ => false,
    };
    asked != Asked::Once && row.contains_key(EXPIRES) && is_nobodys
}

/// The handover, or the ended sign-in, that stands in for one with another random key.
fn twin<'a>(row: &Row, usual: &'a Rows) -> Option<&'a Row> {
    let kind = |row: &Row| {
        row[SORT]
            .as_s()
            .unwrap()
            .split('#')
            .next()
            .map(str::to_owned)
    };
    let of_row = kind(row).filter(|kind| ["HANDOVER", "ENDED"].contains(&kind.as_str()))?;
    let mut others = usual.values();
    others.find(|other| kind(other).as_ref() == Some(&of_row))
}

fn count(value: &AttributeValue) -> Option<u64> {
    value.as_n().ok()?.parse().ok()
}
