//! Our figures of companies: counted again where something has changed.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use table::{Conditional, Item, item, nested, number, parse, random_nonce, text};

use crate::companies::LAST;
use crate::company::Figures;
use crate::moment::{MomentKind, Tally};
use crate::record::{Nothing, Order, Record};
use crate::rows::{self, MEMBER, UNCOUNTED};
use crate::{Companies, Error, WorkspaceMirror};

/// Over how long sessions are counted.
const COUNTED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Most rows that one figure is counted from: a company of more has at least so many.
const MAX_COUNTED: usize = 50_000;

/// That a company is to be counted again.
#[derive(Serialize, Deserialize)]
struct Mark {
    /// Tells this mark from a later one.
    mark: String,
    company: String,
}

impl WorkspaceMirror<'_> {
    /// Lets a company be counted again. `company`: as it stands in keys.
    pub(crate) async fn mark_uncounted(&self, company: &str) -> Result<(), Error> {
        let nonce = random_nonce()?;
        let mark = Mark {
            mark: table::digest(&nonce),
            company: company.to_owned(),
        };
        let row = item(&self.keys.uncounted(company), &mark)?;
        Ok(self
            .table
            .put_all("mark a company as uncounted", vec![row])
            .await?)
    }
}

impl Companies<'_, '_> {
    /// Counts companies of which something has changed since they were counted, at most `limit`; whether
    /// there may be more.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: it may be repeated.
    pub async fn count_changed(self, limit: usize, now: Timestamp) -> Result<bool, Error> {
        let prefix = UNCOUNTED.prefix();
        let range = (prefix, &*format!("{prefix}{LAST}"));
        let items = self
            .0
            .items(
                "find uncounted companies",
                self.0.keys.uncounted_partition(),
                range,
                Order::Ascending,
                limit + 1,
            )
            .await?;
        let more = items.len() > limit;
        for item in items.into_iter().take(limit) {
            let mark: Mark = parse("mark of an uncounted company", item)?;
            self.count(&mark.company, now).await?;
            let delete = self.0.table.delete(&self.0.keys.uncounted(&mark.company));
            delete
                .condition_expression("mark = :mark")
                .expression_attribute_values(":mark", text(&mark.mark))
                .attempt("a company is counted")
                .await?;
        }
        Ok(more)
    }

    /// Marks the companies whose figures are older than a day and not nought: sessions leave the thirty days
    /// though nothing happens.
    ///
    /// # Errors
    /// As [`Self::count_changed`].
    pub async fn mark_aged(self, now: Timestamp) -> Result<(), Error> {
        let day = SignedDuration::from_hours(24);
        for listed in self.list(now).await? {
            let figures = listed.figures;
            let is_aged = figures.counted_at.is_some_and(|at| at + day < now);
            if is_aged && figures.sessions > 0 {
                self.0
                    .mark_uncounted(&rows::of_id(&listed.company.id))
                    .await?;
            }
        }
        Ok(())
    }

    async fn count(self, company: &str, now: Timestamp) -> Result<(), Error> {
        let figures = self.figures(company, now).await?;
        let update = self.0.table.update(&self.0.keys.listed_company(company));
        // A count that began earlier knows less. One of a company that is not listed waits for its line.
        update
            .update_expression("SET figures = :figures, counted_at = :at")
            .condition_expression(
                "attribute_exists(PK) AND (attribute_not_exists(counted_at) OR counted_at <= :at)",
            )
            .expression_attribute_values(":figures", nested(&figures)?)
            .expression_attribute_values(":at", number(now.as_millisecond()))
            .attempt("keep a company's figures")
            .await?;
        Ok(())
    }

    async fn figures(self, company: &str, now: Timestamp) -> Result<Figures, Error> {
        let mut figures = Figures {
            counted_at: Some(now),
            ..Figures::default()
        };
        let prefix = MEMBER.prefix();
        let members = (prefix.to_owned(), format!("{prefix}{LAST}"));
        for item in self.counted_rows(company, members).await? {
            let row: Record<Nothing> = parse("member", item)?;
            figures.people += u64::from(row.is_there(now));
        }
        let since = now.checked_sub(COUNTED).unwrap_or(Timestamp::MIN);
        let kind = MomentKind::Session.as_key();
        let from = format!("{kind}#{:015}", since.as_millisecond().max(0));
        for item in self
            .counted_rows(company, (from, format!("{kind}#{LAST}")))
            .await?
        {
            let row: Record<Tally> = parse("session on a time line", item)?;
            if row.is_there(now) {
                let tally = row.clear;
                figures.sessions += 1;
                figures.rage_clicks += u64::from(tally.rage_clicks);
                figures.errors += u64::from(tally.errors);
                figures.sessions_with_problems +=
                    u64::from(tally.rage_clicks > 0 || tally.errors > 0);
            }
        }
        figures.last_session_at = self.last_session_at(company, now).await?;
        let kind = MomentKind::Conversation.as_key();
        for item in self
            .counted_rows(company, (format!("{kind}#"), format!("{kind}#{LAST}")))
            .await?
        {
            let row: Record<Tally> = parse("conversation on a time line", item)?;
            figures.open_conversations += u64::from(row.is_there(now) && row.clear.open);
        }
        Ok(figures)
    }

    async fn last_session_at(
        self,
        company: &str,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Error> {
        let latest = self
            .0
            .moments()
            .of_company_by_key(company, MomentKind::Session, None, 1, now)
            .await?;
        Ok(latest.first().map(|moment| moment.at))
    }

    /// Rows of a company without what is sealed in them.
    async fn counted_rows(
        self,
        company: &str,
        (from, to): (String, String),
    ) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        let mut place: Option<std::collections::HashMap<String, AttributeValue>> = None;
        loop {
            let partition = self.0.keys.company_partition(company);
            let query = self
                .0
                .table
                .query(partition, "SK BETWEEN :from AND :to")
                .expression_attribute_values(":from", text(&from))
                .expression_attribute_values(":to", text(&to))
                .projection_expression("as_of, gone, #expires, #open, rage_clicks, errors")
                .expression_attribute_names("#expires", table::EXPIRES)
                .expression_attribute_names("#open", "open")
                .set_exclusive_start_key(place);
            let answer = query.send().await;
            let answer =
                answer.map_err(|error| table::Error::from_sdk("count a company", &error))?;
            items.extend(answer.items.unwrap_or_default());
            place = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if place.is_none() || items.len() >= MAX_COUNTED {
                return Ok(items);
            }
        }
    }
}
