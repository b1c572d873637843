//! Companies: in pages, the one that was seen last first; beyond ten thousand by scrolling.

use fail::fail_point;
use intercom::company::Company;
use intercom::rest::{Cursor, Scroll};
use jiff::{SignedDuration, Timestamp};
use mirror::{Absence, AsOf, from_intercom};

use crate::import::{Importer, Read, Stop};

/// Pages that Intercom's list reaches: ten thousand companies, sixty on a page.
const LAST_PAGE: u32 = 10_000 / intercom::rest::NUMBERED_PAGE_SIZE;

/// How long somebody else's scroll is left alone: it ends a minute after their last call.
const PATIENCE: SignedDuration = SignedDuration::from_secs(70);

/// Where companies are read from, as it stands in the progress.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// A page of the list, from 1.
    Page(u32),
    /// A scroll; `None` begins it.
    Scroll(Option<String>),
}

impl Place {
    fn parse(cursor: Option<&str>) -> Self {
        match cursor {
            None => Self::Page(1),
            Some(text) => match text.strip_prefix("scroll:") {
                Some("") => Self::Scroll(None),
                Some(cursor) => Self::Scroll(Some(cursor.to_owned())),
                None => Self::Page(text.parse().unwrap_or(1)),
            },
        }
    }

    fn to_text(&self) -> String {
        match self {
            Self::Page(page) => page.to_string(),
            Self::Scroll(cursor) => format!("scroll:{}", cursor.as_deref().unwrap_or_default()),
        }
    }
}

impl Importer<'_> {
    pub(crate) async fn companies(&mut self, cursor: Option<&str>) -> Result<Read, Stop> {
        match Place::parse(cursor) {
            Place::Page(page) => self.listed_companies(page).await,
            Place::Scroll(cursor) => self.scrolled_companies(cursor.as_deref()).await,
        }
    }

    async fn listed_companies(&mut self, number: u32) -> Result<Read, Stop> {
        let (state, access, read_at) = (self.state, self.access, self.now());
        let call = state
            .intercom
            .list_companies(access.region, &access.token, number);
        let page = self.asked(call).await?;
        self.calls.heed(page.rate_limit.as_ref()).await?;
        let count = self.put_companies(&page.items, true, read_at).await?;
        let days = i64::from(self.choices.seen_within_days.get());
        let oldest = read_at - SignedDuration::from_hours(24 * days);
        let next = page.next.filter(|_| !is_past(&page.items, oldest));
        let place = next.map(|next| match next > LAST_PAGE {
            // The rest is not listed: all of them are scrolled through.
            true => Place::Scroll(None),
            false => Place::Page(next),
        });
        Ok(Read {
            count,
            is_last: place.is_none(),
            cursor: place.map(|place| place.to_text()),
            pending: Vec::new(),
            ..Read::default()
        })
    }

    async fn scrolled_companies(&mut self, cursor: Option<&str>) -> Result<Read, Stop> {
        let (state, access, read_at) = (self.state, self.access, self.now());
        let cursor = cursor.and_then(|text| Cursor::parse(text).ok());
        let call = state
            .intercom
            .scroll_companies(access.region, &access.token, cursor.as_ref());
        match self.asked(call).await? {
            Scroll::Page {
                items,
                next,
                rate_limit,
            } => {
                self.calls.heed(rate_limit.as_ref()).await?;
                let place = Place::Scroll(Some(next.as_str().to_owned()));
                Ok(Read {
                    // Those that the list had are counted.
                    count: self.put_companies(&items, false, read_at).await?,
                    cursor: Some(place.to_text()),
                    ..Read::default()
                })
            }
            Scroll::End => Ok(Read {
                is_last: true,
                ..Read::default()
            }),
            Scroll::Taken => Err(Stop::Wait(read_at + PATIENCE)),
            Scroll::Lost => Ok(Read {
                cursor: Some(Place::Scroll(None).to_text()),
                ..Read::default()
            }),
        }
    }

    /// Copies those that are wanted, and says of the others that they are not; how many were copied.
    async fn put_companies(
        &self,
        said: &[Company],
        counts_known: bool,
        read_at: Timestamp,
    ) -> Result<u64, Stop> {
        let mut count = 0;
        for said in said {
            let company = from_intercom::company(said);
            let as_of = AsOf::new(company.updated_at, read_at);
            let companies = self.mirror.companies();
            let expires = self.choices.takes_company(&company, read_at);
            let is_known = match counts_known && expires.is_some() {
                true => false,
                false => companies.listed(&company.id, read_at).await?.is_some(),
            };
            match expires {
                Some(expires) => {
                    companies.put(&company, as_of, expires).await?;
                    count += u64::from(!is_known);
                }
                None if is_known => {
                    let away = Absence::Away;
                    companies.take_away(&company.id, as_of, away).await?;
                }
                None => {}
            }
            fail_point!(crate::steps::COMPANY_PUT);
        }
        Ok(count)
    }
}

/// Whether the pages after this one hold no company that was seen since. A page in another order proves
/// nothing.
fn is_past(companies: &[Company], since: Timestamp) -> bool {
    let seen = companies.iter().map(|company| company.last_request_at);
    let seen: Option<Vec<Timestamp>> = seen.collect();
    seen.is_some_and(|seen| {
        let is_sorted = seen.is_sorted_by(|earlier, later| earlier >= later);
        is_sorted && seen.last().is_some_and(|last| *last < since)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_come_back_as_they_were_stored() {
        for place in [
            Place::Page(1),
            Place::Page(166),
            Place::Scroll(None),
            Place::Scroll(Some("a:b".to_owned())),
        ] {
            assert_eq!(Place::parse(Some(&place.to_text())), place);
        }
        assert_eq!(Place::parse(None), Place::Page(1));
    }

    #[test]
    fn the_list_ends_with_the_first_company_seen_too_long_ago_if_order_is_kept() {
        let since = Timestamp::from_second(1_000).unwrap();
        for (seen, is_past_it) in [
            (vec![], false),
            (vec![Some(3_000), Some(1_000)], false),
            (vec![Some(3_000), Some(999)], true),
            (vec![Some(900), Some(3_000), Some(999)], false),
            (vec![Some(3_000), None], false),
        ] {
            let companies: Vec<Company> = seen
                .iter()
                .map(|at| {
                    serde_json::from_value(json!({ "id": "1", "last_request_at": at })).unwrap()
                })
                .collect();
            assert_eq!(is_past(&companies, since), is_past_it, "{seen:?}");
        }
    }
}
