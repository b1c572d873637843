//! Companies, all of them: in pages, or by scrolling where there are more than ten thousand.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::contact::found;
use super::numbered::{numbered, numbered_page};
use super::search::elements;
use super::{Answer, Client, Cursor, Done, Error, NumberedPage, RateLimit, Request, Unreadable};
use crate::Region;
use crate::company::Company;
use crate::contact::Contact;
use crate::oauth::AccessToken;

/// What asking for the next companies of a scroll brought. No `Debug`: as [`NumberedPage`].
pub enum Scroll {
    /// Some companies, and how to go on. The cursor may be the same on every page.
    Page {
        /// A hundred at most.
        items: Vec<Company>,
        /// Good for a minute.
        next: Cursor,
        /// How much more may be asked.
        rate_limit: Option<RateLimit>,
    },
    /// That was all.
    End,
    /// Somebody else is scrolling in this workspace with this app: one can at a time. It ends a minute after
    /// their last call.
    Taken,
    /// The scroll is lost, by a failure of Intercom's or because it took too long: it begins again from the
    /// first company.
    Lost,
}

impl Client {
    /// A page of the companies that have people, the one whose people were seen last first. `page` counts
    /// from 1. Only the first ten thousand can be reached.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn list_companies(
        &self,
        region: Region,
        token: &AccessToken,
        page: u32,
    ) -> Result<NumberedPage<Company>, Error> {
        let request = Request::post("list the companies", ["companies", "list"]).token(token);
        let request = numbered(request, page).query("order", "desc").repeatable();
        let answer = self.send(region, &request).await?;
        numbered_page(&answer, &["data", "companies"], page)
    }

    /// The next companies of a scroll, which begins without a cursor. Only its first call is repeated by
    /// itself: a call that is lost may have moved the scroll on.
    ///
    /// # Errors
    /// See [`Error`]; [`Unreadable::Empty`] is none of its ends.
    pub async fn scroll_companies(
        &self,
        region: Region,
        token: &AccessToken,
        cursor: Option<&Cursor>,
    ) -> Result<Scroll, Error> {
        let mut request =
            Request::get("scroll the companies", ["companies", "scroll"]).token(token);
        if let Some(cursor) = cursor {
            request = request.query("scroll_param", cursor.as_str()).once();
        }
        match self.send(region, &request).await {
            Ok(answer) => scrolled(&answer),
            Err(Error::Refused { refusal, .. })
                if refusal.code.as_deref() == Some("scroll_exists") =>
            {
                Ok(Scroll::Taken)
            }
            Err(Error::Refused { refusal, .. })
                if cursor.is_some() && refusal.status == StatusCode::INTERNAL_SERVER_ERROR =>
            {
                Ok(Scroll::Lost)
            }
            // Some workspaces end so.
            Err(Error::Refused { refusal, .. })
                if cursor.is_some() && refusal.status == StatusCode::NOT_FOUND =>
            {
                Ok(Scroll::End)
            }
            Err(error) => Err(error),
        }
    }

    /// Reads a company by Intercom's id; `None` when there is none.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn company(
        &self,
        region: Region,
        token: &AccessToken,
        id: &str,
    ) -> Result<Done<Option<Company>>, Error> {
        let request = Request::get("read a company", ["companies", id]).token(token);
        found(self.send(region, &request).await, Answer::json)
    }

    /// A page of the people of a company, by Intercom's id. `page` counts from 1.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn contacts_of_company(
        &self,
        region: Region,
        token: &AccessToken,
        company: &str,
        page: u32,
    ) -> Result<NumberedPage<Contact>, Error> {
        let path = ["companies", company, "contacts"];
        let request = Request::get("list the people of a company", path).token(token);
        let answer = self.send(region, &numbered(request, page)).await?;
        numbered_page(&answer, &["data", "contacts"], page)
    }

    /// A page of the companies of a contact: the contact itself has the first ten. `page` counts from 1.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn companies_of_contact(
        &self,
        region: Region,
        token: &AccessToken,
        contact: &str,
        page: u32,
    ) -> Result<NumberedPage<Company>, Error> {
        let path = ["contacts", contact, "companies"];
        let request = Request::get("list the companies of a contact", path).token(token);
        let answer = self.send(region, &numbered(request, page)).await?;
        numbered_page(&answer, &["data", "companies"], page)
    }

    /// Changes custom attributes of a company that is there, and nothing else; what it is then. It never
    /// makes one.
    ///
    /// # Errors
    /// See [`Error`]; 404 with the code `company_not_found` when there is none.
    pub async fn update_company_attributes(
        &self,
        region: Region,
        token: &AccessToken,
        id: &str,
        attributes: &Map<String, Value>,
    ) -> Result<Done<Company>, Error> {
        let request = Request::put("update a company", ["companies", id]).token(token);
        let request = request.json(&json!({ "custom_attributes": attributes }));
        let answer = self.send(region, &request).await?;
        Ok(answer.done(answer.json()?))
    }
}

/// A page without companies is the end; one without a list is none.
fn scrolled(answer: &Answer) -> Result<Scroll, Error> {
    let mut body = Value::Object(answer.json()?);
    let sent = body["data"].as_array().map_or(0, Vec::len);
    let items = elements(answer, &mut body, &["data"])?;
    if sent == 0 {
        return Ok(Scroll::End);
    }
    let cursor = body["scroll_param"].as_str().map(Cursor::parse);
    let next = cursor.and_then(Result::ok);
    let missing = || answer.unreadable(Unreadable::Missing("a cursor of a usable length"));
    Ok(Scroll::Page {
        items,
        next: next.ok_or_else(missing)?,
        rate_limit: answer.rate_limit(),
    })
}
