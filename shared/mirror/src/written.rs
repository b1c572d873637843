//! What of ours is written to companies and contacts at Intercom, and what was written last: nothing is
//! written twice.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use table::{Conditional, Item, Read, item, number, parse, text};

use crate::companies::LAST;
use crate::company::{CompanyLine, Figures};
use crate::figures::COUNTED;
use crate::moment::{MomentKind, What};
use crate::record::Order;
use crate::rows::{self, LISTED_COMPANY};
use crate::{Companies, Contacts, Error};

/// Most sessions of a contact that are counted.
const MAX_COUNTED: usize = 1_000;

/// Sessions of a contact that are read at a time.
const A_PAGE: usize = 100;

/// How long it is remembered what was written to a contact: longer than any recording is kept.
const REMEMBERED_DAYS: i64 = 400;

/// A company, what was counted of it, and what of that was written to Intercom.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenCompany {
    /// Intercom's id.
    pub id: String,
    /// Where it stands, for [`Companies::written_after`].
    pub place: String,
    /// What was counted last.
    pub figures: Figures,
    /// What tells what was written last from anything else; `None` when nothing was.
    pub written: Option<String>,
    /// As of which count its people were written to.
    pub people_written_at: Option<Timestamp>,
}

/// Some companies after a place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WrittenCompanies {
    /// In an order of no meaning.
    pub companies: Vec<WrittenCompany>,
    /// Where the next ones begin; `None` when these are the last.
    pub next: Option<String>,
}

/// What we have counted of one contact's sessions over thirty days. Those that are but claimed to be theirs
/// are left out: at Intercom nothing could say so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactFigures {
    /// Recorded sessions.
    pub sessions: u64,
    /// Rage clicks in them.
    pub rage_clicks: u64,
    /// Errors in them.
    pub errors: u64,
    /// When the last session began, whenever that was, and its id.
    pub last_session: Option<(Timestamp, String)>,
}

/// A row of the list, as far as writing needs it.
#[derive(Deserialize)]
struct Listed {
    line: CompanyLine,
    #[serde(default)]
    figures: Figures,
    #[serde(default)]
    gone: bool,
    #[serde(default)]
    expires: Option<i64>,
    #[serde(default)]
    written: Option<String>,
    #[serde(default)]
    people_written_at: Option<i64>,
}

/// What was written to a contact.
#[derive(Serialize, Deserialize)]
struct Written {
    written: String,
    expires: i64,
}

impl Companies<'_, '_> {
    /// Some companies after a place that was handed out, with what was written of them: at most `limit` (1 or
    /// more).
    ///
    /// # Errors
    /// As [`Companies::put`]; this goes for everything here.
    pub async fn written_after(
        self,
        after: Option<&str>,
        limit: usize,
        now: Timestamp,
    ) -> Result<WrittenCompanies, Error> {
        let prefix = LISTED_COMPANY.prefix();
        // What sorts right after the row of that place.
        let from = after.map_or(prefix.to_owned(), |place| format!("{prefix}{place}!"));
        let range = (&*from, &*format!("{prefix}{LAST}"));
        let find = "find what was written of companies";
        let partition = self.0.keys.companies();
        let items = self
            .0
            .items(find, partition, range, Order::Ascending, limit)
            .await?;
        let is_last = items.len() < limit;
        let mut found = WrittenCompanies::default();
        for item in items {
            let sort = table::key_of(&item)?.sort;
            let place = sort.strip_prefix(prefix).unwrap_or(&sort).to_owned();
            found.next = Some(place.clone()).filter(|_| !is_last);
            found.companies.extend(written(item, place, now)?);
        }
        Ok(found)
    }

    /// Notes what was written of a company. One that is not listed any more stays so.
    ///
    /// # Errors
    /// As [`Companies::put`].
    pub async fn note_written(self, company: &str, written: &str) -> Result<(), Error> {
        let key = self.0.keys.listed_company(&rows::of_id(company));
        let update = self.0.table.update(&key);
        update
            .update_expression("SET written = :written")
            .condition_expression("attribute_exists(line)")
            .expression_attribute_values(":written", text(written))
            .attempt("note what was written of a company")
            .await?;
        Ok(())
    }

    /// Notes that the people of a company were written to, as of a count of it.
    ///
    /// # Errors
    /// As [`Companies::put`].
    pub async fn note_people_written(
        self,
        company: &str,
        counted_at: Timestamp,
    ) -> Result<(), Error> {
        let key = self.0.keys.listed_company(&rows::of_id(company));
        let update = self.0.table.update(&key);
        update
            .update_expression("SET people_written_at = :at")
            .condition_expression("attribute_exists(line)")
            .expression_attribute_values(":at", number(counted_at.as_millisecond()))
            .attempt("note that a company's people were written to")
            .await?;
        Ok(())
    }
}

impl Contacts<'_, '_> {
    /// Counts the sessions of a contact.
    ///
    /// # Errors
    /// As [`Contacts::put`]; this goes for everything here.
    pub async fn figures(self, contact: &str, now: Timestamp) -> Result<ContactFigures, Error> {
        let since = now.checked_sub(COUNTED).unwrap_or(Timestamp::MIN);
        let mut figures = ContactFigures::default();
        let (mut before, mut read) = (None, 0);
        while read < MAX_COUNTED {
            let kind = MomentKind::Session;
            let moments = self.0.moments();
            let page = moments
                .of_contact(contact, kind, before, A_PAGE, now)
                .await?;
            for moment in &page {
                let What::Session(session) = &moment.what else {
                    continue;
                };
                if session.is_claimed {
                    continue;
                }
                let last = || (moment.at, moment.id.clone());
                figures.last_session.get_or_insert_with(last);
                if moment.at >= since {
                    figures.sessions += 1;
                    figures.rage_clicks += u64::from(session.rage_clicks);
                    figures.errors += u64::from(session.errors);
                }
            }
            read += page.len();
            let earliest = page.last().map(|moment| moment.at);
            let is_counted = earliest.is_none_or(|at| at < since) && figures.last_session.is_some();
            if page.len() < A_PAGE || is_counted {
                break;
            }
            before = earliest;
        }
        Ok(figures)
    }

    /// What tells what was written to a contact last from anything else; `None` when nothing was.
    ///
    /// # Errors
    /// As [`Contacts::put`].
    pub async fn written(self, contact: &str, now: Timestamp) -> Result<Option<String>, Error> {
        let key = self.0.keys.written(&rows::of_id(contact));
        let read = self
            .0
            .table
            .get("read what was written to a contact", &key, Read::Consistent);
        let Some(item) = read.await? else {
            return Ok(None);
        };
        let row: Written = parse("what was written", item)?;
        Ok((row.expires > now.as_second()).then_some(row.written))
    }

    /// Notes what was written to a contact.
    ///
    /// # Errors
    /// As [`Contacts::put`].
    pub async fn note_written(
        self,
        contact: &str,
        written: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let row = Written {
            written: written.to_owned(),
            expires: now.as_second() + REMEMBERED_DAYS * 86_400,
        };
        let key = self.0.keys.written(&rows::of_id(contact));
        let put = vec![item(&key, &row)?];
        Ok(self
            .0
            .table
            .put_all("note what was written to a contact", put)
            .await?)
    }
}

fn written(item: Item, place: String, now: Timestamp) -> Result<Option<WrittenCompany>, Error> {
    if !item.contains_key("line") {
        // Taken away, or counted before it was put.
        return Ok(None);
    }
    let row: Listed = parse("listed company", item)?;
    let is_there = !row.gone && row.expires.is_none_or(|at| at > now.as_second());
    let people_written_at = row.people_written_at;
    Ok(is_there.then_some(WrittenCompany {
        id: row.line.id,
        place,
        figures: row.figures,
        written: row.written,
        people_written_at: people_written_at.and_then(|at| Timestamp::from_millisecond(at).ok()),
    }))
}
