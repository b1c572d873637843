//! Data events.

use serde_json::Value;
use url::{Url, form_urlencoded};

use super::search::elements;
use super::{Answer, Client, Cursor, Done, Error, Page, Request, Unreadable};
use crate::Region;
use crate::data_event::DataEvent;
use crate::oauth::AccessToken;
use crate::write::EventWrite;

impl Client {
    /// Tells of something that a contact did. Intercom takes it (202) and shows it a while later; of two with
    /// one contact, name and second, it keeps one.
    ///
    /// # Errors
    /// See [`Error`]; 404 when nobody has that id, external id or e-mail.
    pub async fn send_event(
        &self,
        region: Region,
        token: &AccessToken,
        event: &EventWrite,
    ) -> Result<Done<()>, Error> {
        let request = Request::post("send an event", ["events"]).token(token);
        self.told(region, &request.json(event)).await
    }

    /// A page of what a contact did in the last ninety days, the latest first.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn events_of_contact(
        &self,
        region: Region,
        token: &AccessToken,
        contact: &str,
        cursor: Option<&Cursor>,
    ) -> Result<Page<DataEvent>, Error> {
        let request = Request::get("list the events of a contact", ["events"]).token(token);
        let mut request = request.query("type", "user");
        request = request.query("intercom_user_id", contact);
        match cursor {
            None => request = request.query("per_page", "100"),
            Some(cursor) => {
                for (name, value) in form_urlencoded::parse(cursor.as_str().as_bytes()) {
                    request = request.query(&name, &value);
                }
            }
        }
        events(&self.send(region, &request).await?)
    }
}

/// Parameters that say whose events are asked for: those are ours to say.
const WHOSE: [&str; 4] = ["type", "intercom_user_id", "user_id", "email"];

/// Reads a page of events. Where the next one begins is an address, of which only the parameters are kept:
/// the token goes nowhere else.
fn events(answer: &Answer) -> Result<Page<DataEvent>, Error> {
    let mut body = Value::Object(answer.json()?);
    let items = elements(answer, &mut body, &["events", "data"])?;
    let next = body["pages"]["next"].as_str().and_then(|url| {
        let url = Url::parse(url).ok()?;
        let pairs = url.query_pairs();
        let pairs = pairs.filter(|(name, _)| !WHOSE.contains(&name.as_ref()));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        Some(query).filter(|query| !query.is_empty())
    });
    let unusable = |_| answer.unreadable(Unreadable::Missing("a cursor of a usable length"));
    let next = next.map(|query| Cursor::parse(&query)).transpose();
    Ok(Page {
        items,
        next: next.map_err(unusable)?,
        rate_limit: answer.rate_limit(),
    })
}
