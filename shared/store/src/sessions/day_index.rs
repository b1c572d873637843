//! All sessions of an organization by the day on which they began, with what filters go by.
//!
//! A run writes it only when what filters go by has changed, which it knows from the summary that it started
//! from; or when the row would expire before the session. A list finds more in it than there is, never less:
//! what it finds it reads.

use std::collections::BTreeSet;

use identity::SessionId;
use replay::Summary;
use serde::{Deserialize, Serialize};
use table::{Conditional, number};

use crate::Error;
use crate::sessions::filter::{Flags, SessionFilter, path_of};
use crate::sessions::listing::ListedRow;
use crate::sessions::progress::Progress;
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
    version: u64,
    next_seq: u32,
    pub(crate) expires: i64,
}

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
}

impl FilterMarks {
    fn of(summary: &Summary) -> Self {
        let Flags {
            errors,
            rage_clicks,
            dead_clicks,
        } = Flags::of(&summary.counts);
        let mut marks = Self {
            errors,
            rage_clicks,
            dead_clicks,
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
        filter.takes_flags(flags) && is_on_page
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
            version: listed.version,
            next_seq: listed.next_seq,
            expires: listed.expires + EXPIRY_MARGIN_SECONDS,
        };
        let key = rows::indexed_session(self.scope.organization, row.sort_at, &row.session);
        self.scope.table
            .put(&key, &row)?
            .condition_expression(
                "attribute_not_exists(PK) OR version < :version OR (version = :version AND next_seq <= :next_seq)",
            )
            .expression_attribute_values(":version", number(row.version.cast_signed()))
            .expression_attribute_values(":next_seq", number(row.next_seq))
            .attempt("index a session")
            .await?;
        Ok(row.expires)
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
