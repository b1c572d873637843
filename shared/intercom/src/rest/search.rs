//! What has changed in a workspace, page by page.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Answer, Client, Error, RateLimit, Request, Unreadable};
use crate::Region;
use crate::contact::Contact;
use crate::conversation::Conversation;
use crate::oauth::AccessToken;

/// Elements of a page: as many as Intercom gives.
pub const PAGE_SIZE: u32 = 150;

/// One page of an answer. No `Debug`: it is personal data.
pub struct Page<T> {
    /// Those of its elements that have an id.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
    /// How much more may be asked.
    pub rate_limit: Option<RateLimit>,
}

/// Where a page begins: Intercom's, and opaque. No `Debug`: it may name a contact.
///
/// It is a position among records that change meanwhile. A changed record moves to the front, where the
/// reading began. So a record may come twice, and only the removal of a record can hide another one.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor(String);

/// The text cannot be a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of 1 to {} bytes", Cursor::MAX_BYTES)]
pub struct MalformedCursor;

impl Cursor {
    /// Longest cursor, bytes. Intercom's have about 50.
    pub const MAX_BYTES: usize = 2_048;

    /// Takes a cursor as Intercom gave it, or as it was stored.
    ///
    /// # Errors
    /// When it is empty or too long.
    pub fn parse(text: &str) -> Result<Self, MalformedCursor> {
        if (1..=Self::MAX_BYTES).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedCursor)
        }
    }

    /// The cursor as text, for whoever stores it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Client {
    /// A page of the contacts that were changed after `after`, those that were changed last first.
    ///
    /// Intercom compares days, in the workspace's time zone, and leaves the day of `after` out: ask from two
    /// days before, and stop by [`Contact::updated_at`]. Archived contacts are never among them, nor are some
    /// that were made in the last minutes.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn contacts_updated_after(
        &self,
        region: Region,
        token: &AccessToken,
        after: Timestamp,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Contact>, Error> {
        let request = Request::post("search contacts", ["contacts", "search"]);
        let request = search(request, token, after, cursor);
        page(&self.send(region, &request).await?, "data")
    }

    /// A page of the conversations that were changed after `after`, as [`Client::contacts_updated_after`] has
    /// it. What was said in them is left out.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn conversations_updated_after(
        &self,
        region: Region,
        token: &AccessToken,
        after: Timestamp,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Conversation>, Error> {
        let request = Request::post("search conversations", ["conversations", "search"]);
        let request = search(request, token, after, cursor);
        page(&self.send(region, &request).await?, "conversations")
    }
}

fn search(
    request: Request,
    token: &AccessToken,
    after: Timestamp,
    cursor: Option<&Cursor>,
) -> Request {
    let mut pagination = json!({ "per_page": PAGE_SIZE });
    if let Some(cursor) = cursor {
        pagination["starting_after"] = cursor.as_str().into();
    }
    // `>=` is an error for dates.
    let body = json!({
        "query": { "field": "updated_at", "operator": ">", "value": after.as_second() },
        "sort": { "field": "updated_at", "order": "descending" },
        "pagination": pagination,
    });
    request.token(token).json(&body).repeatable()
}

/// Reads a page whose elements stand under `key`. An answer without them is an error, not the end.
pub(super) fn page<T: DeserializeOwned>(
    answer: &Answer,
    key: &'static str,
) -> Result<Page<T>, Error> {
    let mut body = Value::Object(answer.json()?);
    let Value::Array(elements) = body[key].take() else {
        return Err(answer.unreadable(Unreadable::Missing("its list")));
    };
    let items = elements.into_iter();
    let items = items.filter_map(|element| T::deserialize(element).ok());
    let next = match &body["pages"]["next"]["starting_after"] {
        Value::String(cursor) => Some(Cursor::parse(cursor)),
        _ => None,
    };
    let unusable = |_| answer.unreadable(Unreadable::Missing("a cursor of a usable length"));
    Ok(Page {
        items: items.collect(),
        next: next.transpose().map_err(unusable)?,
        rate_limit: answer.rate_limit(),
    })
}
