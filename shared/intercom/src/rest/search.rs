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
        // `>=` is an error for dates.
        let query = json!({ "field": "updated_at", "operator": ">", "value": after.as_second() });
        let body = search_body(&query, Order::NewestFirst, cursor);
        let request = request.token(token).json(&body).repeatable();
        page(&self.send(region, &request).await?, &["data"])
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
        let sought = ConversationSearch::updated_after(after, Order::NewestFirst);
        self.search_conversations(region, token, &sought, cursor)
            .await
    }

    /// A page of the conversations that are sought, without what was said in them. Tickets are among them
    /// only where the app may read tickets.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn search_conversations(
        &self,
        region: Region,
        token: &AccessToken,
        sought: &ConversationSearch<'_>,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Conversation>, Error> {
        let request = Request::post("search conversations", ["conversations", "search"]);
        let body = search_body(&sought.query(), sought.order, cursor);
        let request = request.token(token).json(&body).repeatable();
        page(&self.send(region, &request).await?, &["conversations"])
    }

    /// A page of all contacts, leads and users, archived ones left out.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn list_contacts(
        &self,
        region: Region,
        token: &AccessToken,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Contact>, Error> {
        let request = Request::get("list the contacts", ["contacts"]).token(token);
        let mut request = request.query("per_page", &PAGE_SIZE.to_string());
        if let Some(cursor) = cursor {
            request = request.query("starting_after", cursor.as_str());
        }
        page(&self.send(region, &request).await?, &["data"])
    }
}

/// Which conversations are sought. Times are of [`Conversation::updated_at`].
#[derive(Clone, Copy)]
pub struct ConversationSearch<'a> {
    /// Changed after that; Intercom may compare days, so that what was changed on that day is left out.
    pub updated_after: Option<Timestamp>,
    /// Changed before that.
    pub updated_before: Option<Timestamp>,
    /// With the contact of this id.
    pub contact: Option<&'a str>,
    /// By their last change.
    pub order: Order,
}

/// In which order a search answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// What changed long ago comes first: what changes meanwhile comes again, at the end.
    OldestFirst,
    /// What changed last comes first.
    NewestFirst,
}

impl<'a> ConversationSearch<'a> {
    /// All that were changed since.
    #[must_use]
    pub fn updated_after(after: Timestamp, order: Order) -> Self {
        Self {
            updated_after: Some(after),
            updated_before: None,
            contact: None,
            order,
        }
    }

    /// All that a contact takes part in, those that were changed last first.
    #[must_use]
    pub fn with_contact(contact: &'a str) -> Self {
        Self {
            updated_after: None,
            updated_before: None,
            contact: Some(contact),
            order: Order::NewestFirst,
        }
    }

    fn query(&self) -> Value {
        let filter = |field: &str, operator: &str, value: Value| json!({ "field": field, "operator": operator, "value": value });
        let second = |at: Timestamp| Value::from(at.as_second());
        let filters = [
            self.updated_after
                .map(|at| filter("updated_at", ">", second(at))),
            self.updated_before
                .map(|at| filter("updated_at", "<", second(at))),
            self.contact.map(|id| filter("contact_ids", "=", id.into())),
        ];
        let mut filters: Vec<Value> = filters.into_iter().flatten().collect();
        match filters.len() {
            0 => filter("updated_at", ">", 0.into()),
            1 => filters.remove(0),
            _ => json!({ "operator": "AND", "value": filters }),
        }
    }
}

fn search_body(query: &Value, order: Order, cursor: Option<&Cursor>) -> Value {
    let mut pagination = json!({ "per_page": PAGE_SIZE });
    if let Some(cursor) = cursor {
        pagination["starting_after"] = cursor.as_str().into();
    }
    let order = match order {
        Order::OldestFirst => "ascending",
        Order::NewestFirst => "descending",
    };
    json!({
        "query": query, "sort": { "field": "updated_at", "order": order }, "pagination": pagination,
    })
}

/// Reads a page whose elements stand under one of these keys. An answer without them is an error, not the
/// end.
pub(super) fn page<T: DeserializeOwned>(
    answer: &Answer,
    keys: &[&'static str],
) -> Result<Page<T>, Error> {
    let mut body = Value::Object(answer.json()?);
    let items = elements(answer, &mut body, keys)?;
    let next = match &body["pages"]["next"]["starting_after"] {
        Value::String(cursor) => Some(Cursor::parse(cursor)),
        _ => None,
    };
    let unusable = |_| answer.unreadable(Unreadable::Missing("a cursor of a usable length"));
    Ok(Page {
        items,
        next: next.transpose().map_err(unusable)?,
        rate_limit: answer.rate_limit(),
    })
}

/// Takes the elements that stand under one of these keys of an answer; what cannot be read is left out.
pub(super) fn elements<T: DeserializeOwned>(
    answer: &Answer,
    body: &mut Value,
    keys: &[&'static str],
) -> Result<Vec<T>, Error> {
    let list = keys
        .iter()
        .find_map(|key| match body.get_mut(*key)?.take() {
            Value::Array(list) => Some(list),
            _ => None,
        });
    let list = list.ok_or_else(|| answer.unreadable(Unreadable::Missing("its list")))?;
    let read = list
        .into_iter()
        .filter_map(|each| T::deserialize(each).ok());
    Ok(read.collect())
}
