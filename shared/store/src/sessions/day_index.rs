//! All sessions of an organization by the day on which they began, with what filters go by.
//!
//! A run writes it only when what filters go by has changed, which it knows from the summary that it started
//! from; or when the row would expire before the session. A list finds more in it than there is, never less:
//! what it finds it reads.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::SessionId;
use replay::Summary;
use serde::{Deserialize, Serialize};
use table::{Conditional, PARTITION, SORT};

use crate::Error;
use crate::sessions::filter::{Flags, SessionFilter, path_of};
use crate::sessions::listing::ListedRow;
use crate::sessions::problem_words::ProblemWords;
use crate::sessions::progress::Progress;
use crate::sessions::visit_length::MinLength;
use crate::sessions::{Sessions, rows};

/// Most paths of a session in its row. A session that had more is read before it is left out.
const MAX_PATHS: usize = 50;

/// Longest path in a row, bytes.
const MAX_PATH_BYTES: usize = 200;

/// Most bytes of all paths: DynamoDB writes a kilobyte at a time, and reads the rows of a day four at a time.
const MAX_BYTES: usize = 2_000;

/// Seconds added to a row's expiry. Thanks to it a session that continues rewrites its row at most once a
/// day.
const EXPIRY_MARGIN_SECONDS: i64 = 86_400;

/// The row, apart from its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IndexRow {
    pub(crate) session: SessionId,
    /// The session's place in every list, milliseconds since 1970.
    pub(crate) sort_at: u64,
    #[serde(flatten)]
    marks: FilterMarks,
    /// Tokens of the addresses that it was identified by. Runs and identifications add to them, none takes
    /// one away.
    #[serde(default, skip_serializing)]
    addresses: BTreeSet<String>,
    version: u64,
    next_seq: u32,
    pub(crate) expires: i64,
}

/// Attributes that a row may lack.
const OPTIONAL: [&str; 7] = [
    "errors",
    "rage_clicks",
    "dead_clicks",
    "paths",
    "more_paths",
    "problem_words",
    "more_problems",
];

/// What of a session filters go by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct FilterMarks {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    errors: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    rage_clicks: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    dead_clicks: bool,
    /// Paths of its pages.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    paths: BTreeSet<String>,
    /// Whether it had pages that are not in `paths`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    more_paths: bool,
    /// Words of its problems.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    problem_words: String,
    /// Whether its problems had words that are not in `problem_words`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    more_problems: bool,
    /// How long it is, in steps; `None` in rows that were there before that was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    length: Option<u8>,
}

impl FilterMarks {
    fn of(summary: &Summary) -> Self {
        let Flags {
            errors,
            rage_clicks,
            dead_clicks,
        } = Flags::of(&summary.counts);
        let ProblemWords { words, has_more } = ProblemWords::of(summary);
        let mut marks = Self {
            errors,
            rage_clicks,
            dead_clicks,
            problem_words: words,
            more_problems: has_more,
            length: Some(MinLength::reached(summary)),
            ..Self::default()
        };
        let mut bytes = 0;
        for page in &summary.pages {
            let path = path_of(&page.url);
            if marks.paths.contains(&path) {
                continue;
            }
            bytes += path.len();
            if path.len() > MAX_PATH_BYTES || marks.paths.len() >= MAX_PATHS || bytes > MAX_BYTES {
                marks.more_paths = true;
                break;
            }
            marks.paths.insert(path);
        }
        marks
    }
}

impl IndexRow {
    /// Whether the session may be one of those that are looked for.
    pub(crate) fn may_be(&self, filter: &SessionFilter) -> bool {
        let marks = &self.marks;
        let flags = Flags {
            errors: marks.errors,
            rage_clicks: marks.rage_clicks,
            dead_clicks: marks.dead_clicks,
        };
        let is_on_page = filter.page.as_ref().is_none_or(|page| {
            marks.more_paths || marks.paths.iter().any(|path| page.matches(path))
        });
        let has_problem = filter
            .problem
            .as_ref()
            .is_none_or(|problem| marks.more_problems || problem.may_be_in(&marks.problem_words));
        let is_long = filter.length.is_none_or(|wanted| {
            let length = marks.length;
            length.is_none_or(|steps| wanted.is_reached_by(steps))
        });
        filter.takes_flags(flags) && is_on_page && has_problem && is_long
    }

    /// Whether it may have been identified by an address with one of these tokens.
    pub(crate) fn may_be_at(&self, tokens: Option<&BTreeSet<String>>) -> bool {
        tokens.is_none_or(|tokens| !tokens.is_disjoint(&self.addresses))
    }
}

impl Sessions<'_> {
    /// Has the index show a summary; `before` is the one that the run started from. Returns when the row that
    /// shows it expires.
    ///
    /// The same version may come twice, as into a list: then the one that covers more chunks stays.
    pub(crate) async fn index_session(
        self,
        progress: &Progress,
        before: Option<&Summary>,
        after: &Summary,
        listed: &ListedRow,
    ) -> Result<i64, Error> {
        let marks = FilterMarks::of(after);
        let is_shown = before.is_some_and(|before| FilterMarks::of(before) == marks);
        if is_shown && progress.indexed_until >= listed.expires {
            return Ok(progress.indexed_until);
        }
        let row = IndexRow {
            session: listed.session.clone(),
            sort_at: listed.sort_at,
            marks,
            addresses: self.address_tokens(&listed.session, &progress.aliases)?,
            version: listed.version,
            next_seq: listed.next_seq,
            expires: listed.expires + EXPIRY_MARGIN_SECONDS,
        };
        self.write_indexed(&row).await?;
        Ok(row.expires)
    }

    /// Writes all of a row but the addresses that others have added, to which it adds.
    async fn write_indexed(self, row: &IndexRow) -> Result<(), Error> {
        let key = rows::indexed_session(self.scope.organization, row.sort_at, &row.session);
        let mut request = self.scope.table.update(&key);
        let (mut set, mut removed) = (Vec::new(), Vec::new());
        let mut item = table::item(&key, row)?;
        item.retain(|name, _| ![PARTITION, SORT].contains(&name.as_str()));
        for name in OPTIONAL.iter().filter(|name| !item.contains_key(**name)) {
            removed.push(format!("#{name}"));
            request = request.expression_attribute_names(format!("#{name}"), *name);
        }
        for (name, value) in item {
            set.push(format!("#{name} = :{name}"));
            request = request
                .expression_attribute_names(format!("#{name}"), &name)
                .expression_attribute_values(format!(":{name}"), value);
        }
        let mut changes = format!("SET {}", set.join(", "));
        if !removed.is_empty() {
            changes = format!("{changes} REMOVE {}", removed.join(", "));
        }
        if !row.addresses.is_empty() {
            changes += " ADD addresses :addresses";
            let tokens = row.addresses.iter().cloned().collect();
            request = request.expression_attribute_values(":addresses", AttributeValue::Ss(tokens));
        }
        request
            .update_expression(changes)
            .condition_expression(
                "attribute_not_exists(PK) OR #version < :version OR (#version = :version AND #next_seq <= :next_seq)",
            )
            .attempt("index a session")
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use replay::{Counts, Device, Page};

    use super::*;
    use crate::sessions::filter::PageFilter;

    fn summary(urls: &[&str]) -> Summary {
        let pages = urls.iter().map(|url| Page {
            url: (*url).to_owned(),
            at_ms: 0,
            dwell_ms: 0,
        });
        Summary {
            started_at: Timestamp::UNIX_EPOCH,
            ended_at: Timestamp::UNIX_EPOCH,
            duration_ms: 0,
            active_ms: 0,
            landing_url: None,
            last_url: None,
            events: 0,
            chunks: 1,
            device: Device::default(),
            pages: pages.collect(),
            counts: Counts::default(),
            timeline: Vec::new(),
            not_recorded: Vec::new(),
            incomplete: false,
            definitions: 1,
            story: String::new(),
            problems: Vec::new(),
            timeline_total: 0,
        }
    }

    fn row(summary: &Summary) -> IndexRow {
        IndexRow {
            session: SessionId::parse("s1").unwrap(),
            sort_at: 0,
            marks: FilterMarks::of(summary),
            addresses: BTreeSet::new(),
            version: 1,
            next_seq: 1,
            expires: 0,
        }
    }

    #[test]
    fn what_a_row_cannot_hold_it_does_not_rule_out() {
        let long = format!("https://a.example/{}", "x".repeat(MAX_PATH_BYTES));
        let many: Vec<String> = (0..1_000)
            .map(|number| format!("https://a.example/{number}"))
            .collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let cart = SessionFilter {
            page: PageFilter::parse("/cart"),
            ..SessionFilter::default()
        };
        for (urls, may_be) in [
            (&["https://a.example/cart"][..], true),
            (&["https://a.example/"], false),
            (&[&long], true),
            (&many, true),
        ] {
            let row = row(&summary(urls));
            assert_eq!(row.may_be(&cart), may_be, "{} pages", urls.len());
            assert!(serde_json::to_string(&row).unwrap().len() < MAX_BYTES + 500);
        }
    }
}
