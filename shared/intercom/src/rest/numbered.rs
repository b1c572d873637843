//! Lists whose pages are numbered, rather than begun at a cursor.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::search::elements;
use super::{Answer, Error, RateLimit, Request};
use crate::lenient;

/// Elements of a numbered page: as many as Intercom gives.
pub const NUMBERED_PAGE_SIZE: u32 = 60;

/// One page of an answer, by its number. No `Debug`: it may be personal data.
pub struct NumberedPage<T> {
    /// Those of its elements that have an id.
    pub items: Vec<T>,
    /// The number of the next page; `None` on the last one.
    pub next: Option<u32>,
    /// How many elements there are on all pages, when that is said.
    pub total: Option<u64>,
    /// How much more may be asked.
    pub rate_limit: Option<RateLimit>,
}

/// Where a page stands among the others. Its size may be answered as a text, and is of no use.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Pages {
    #[serde(deserialize_with = "lenient::count")]
    total_pages: Option<u64>,
    next: Value,
}

/// Asks for a page; the first one is 1.
pub(super) fn numbered(request: Request, number: u32) -> Request {
    request
        .query("page", &number.to_string())
        .query("per_page", &NUMBERED_PAGE_SIZE.to_string())
}

/// Reads the page of a number, whose elements stand under one of these keys.
pub(super) fn numbered_page<T: DeserializeOwned>(
    answer: &Answer,
    keys: &[&'static str],
    number: u32,
) -> Result<NumberedPage<T>, Error> {
    let mut body = Value::Object(answer.json()?);
    let pages = Pages::deserialize(&body["pages"]).unwrap_or_default();
    let total = lenient::count(&body["total_count"]).unwrap_or_default();
    let items = elements(answer, &mut body, keys)?;
    let has_next = match pages.total_pages {
        Some(pages) => u64::from(number) < pages,
        None => !pages.next.is_null(),
    };
    Ok(NumberedPage {
        items,
        next: Some(number.saturating_add(1)).filter(|_| has_next),
        total,
        rate_limit: answer.rate_limit(),
    })
}
