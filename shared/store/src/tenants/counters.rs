//! What arrives on a day: numbers for people, not for bills.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use table::{Read, number, text};
use url::Url;

use crate::Error;
use crate::tenants::{Counters, rows};

/// Days that a count is kept after its own: a week to look back on.
const COUNTS_KEPT_DAYS: i64 = 8;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    /// Panels drawn.
    CanvasViews,
    /// Notifications taken from Intercom.
    Notifications,
    /// Requests from sites that are not allowed.
    RefusedOrigins,
    /// Requests with a key that has ended, or may not do what was asked.
    RefusedKeys,
    /// Requests above a limit.
    RefusedQuotas,
    /// Different problems.
    Problems,
    /// Problems of a session that were not counted, because there were too many different ones.
    UncountedProblems,
}

impl Counter {
    fn attribute(self) -> &'static str {
        match self {
            Self::CanvasViews => "canvas_views",
            Self::Notifications => "notifications",
            Self::RefusedOrigins => "refused_origins",
            Self::RefusedKeys => "refused_keys",
            Self::RefusedQuotas => "refused_quotas",
            Self::Problems => "problems",
            Self::UncountedProblems => "uncounted_problems",
        }
    }
}

fn expires_after(day: Date) -> Result<i64, Error> {
    let last = day
        .checked_add(COUNTS_KEPT_DAYS.days())
        .and_then(|last| last.to_zoned(TimeZone::UTC))
        .map_err(|_| table::Error::Refused {
            operation: "count",
            reason: "the end of time".to_owned(),
        })?;
    Ok(last.timestamp().as_second())
}

/// A site that was refused, as an admin is shown it. Whoever has the public key may have made it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedOrigin(String);

impl RefusedOrigin {
    /// Longest name of a host that there is (RFC 1035 section 2.3.4), with scheme and port.
    const MAX_BYTES: usize = 280;

    /// Reads the header `Origin`; `None` for what is no site on the web.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = (text.len() <= Self::MAX_BYTES).then(|| Url::parse(text).ok());
        let url = url.flatten()?;
        let is_site = matches!(url.scheme(), "http" | "https") && url.has_host();
        let origin = url.origin().ascii_serialization();
        (is_site && origin.len() <= Self::MAX_BYTES).then_some(Self(origin))
    }
}

impl Counters<'_> {
    /// What has been counted on a day (UTC). May miss the last second.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub(crate) async fn read(self, day: Date, counter: Counter) -> Result<u64, Error> {
        let key = rows::counts(self.scope.organization, day);
        let read = self.scope.table.get("read counts", &key, Read::Eventual);
        let counted = read
            .await?
            .and_then(|mut row| row.remove(counter.attribute()));
        let counted = counted.and_then(|counted| counted.as_n().ok()?.parse().ok());
        Ok(counted.unwrap_or_default())
    }

    /// Counts `by` more on a day (UTC).
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: it may be counted or not.
    pub async fn add(self, day: Date, counter: Counter, by: u64) -> Result<(), Error> {
        self.count(day, counter, by, None).await
    }

    /// Counts requests from sites that are not allowed, and keeps the last of these sites.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub async fn add_refused_origin(
        self,
        day: Date,
        by: u64,
        last: Option<&RefusedOrigin>,
    ) -> Result<(), Error> {
        self.count(day, Counter::RefusedOrigins, by, last).await
    }

    async fn count(
        self,
        day: Date,
        counter: Counter,
        by: u64,
        origin: Option<&RefusedOrigin>,
    ) -> Result<(), Error> {
        let expires = expires_after(day)?;
        let mut changes = "ADD #counter :by SET expires = :expires".to_owned();
        let mut request = self
            .scope
            .table
            .update(&rows::counts(self.scope.organization, day));
        if let Some(RefusedOrigin(origin)) = origin {
            changes += ", last_refused_origin = :origin";
            request = request.expression_attribute_values(":origin", text(origin));
        }
        request
            .update_expression(changes)
            .expression_attribute_names("#counter", counter.attribute())
            .expression_attribute_values(":by", number(i64::try_from(by).unwrap_or(i64::MAX)))
            .expression_attribute_values(":expires", number(expires))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("count", &error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_site_is_shown_by_its_origin_and_nothing_else_is() {
        for (text, shown) in [
            ("https://shop.example", Some("https://shop.example")),
            ("http://127.0.0.1:3000", Some("http://127.0.0.1:3000")),
            ("https://a:b@shop.example/x?y", Some("https://shop.example")),
            ("null", None),
            ("", None),
            ("file:///home/ada", None),
            (&format!("https://{}.example", "a".repeat(300)), None),
        ] {
            let origin = RefusedOrigin::parse(text);
            assert_eq!(origin.map(|origin| origin.0).as_deref(), shown, "{text}");
        }
    }
}
