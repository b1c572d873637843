//! The people of each company that is copied.

use intercom::rest;
use jiff::Timestamp;
use mirror::{Absence, AsOf, CompanyLine};

use crate::import::{Importer, Read, Stop};

/// Companies that are looked at to find one that has changed.
const LOOKED_AT: usize = 50;

/// Where the people are read from, as it stands in the progress: a page of the company after a place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    after: Option<String>,
    page: u32,
}

impl Place {
    fn parse(cursor: Option<&str>) -> Self {
        let cursor = cursor.and_then(|text| text.split_once(':'));
        let (page, after) = cursor.unwrap_or(("1", ""));
        Self {
            after: Some(after.to_owned()).filter(|after| !after.is_empty()),
            page: page.parse().unwrap_or(1),
        }
    }

    fn to_text(&self) -> String {
        format!(
            "{}:{}",
            self.page,
            self.after.as_deref().unwrap_or_default()
        )
    }
}

impl Importer<'_> {
    pub(crate) async fn members(
        &mut self,
        cursor: Option<&str>,
        since: Option<Timestamp>,
    ) -> Result<Read, Stop> {
        let place = Place::parse(cursor);
        let companies = self.mirror.companies();
        let looked_at = if since.is_some() { LOOKED_AT } else { 1 };
        let mut after = place.after.clone();
        // One after the other, so that each has a place of its own.
        for _ in 0..looked_at {
            let slice = companies.slice(after.as_deref(), 1, self.now()).await?;
            let company = slice.companies.into_iter().next();
            match (
                company.filter(|company| has_changed(company, since)),
                slice.next,
            ) {
                (Some(company), next) => {
                    return self
                        .page_of_members(&company, (after, place.page), next)
                        .await;
                }
                (None, Some(next)) => after = Some(next),
                (None, None) => return Ok(Read::all(0)),
            }
        }
        Ok(at(after, 1, 0))
    }

    async fn page_of_members(
        &mut self,
        company: &CompanyLine,
        (after, number): (Option<String>, u32),
        next_company: Option<String>,
    ) -> Result<Read, Stop> {
        let (state, access, read_at) = (self.state, self.access, self.now());
        let call =
            state
                .intercom
                .contacts_of_company(access.region, &access.token, &company.id, number);
        let page = match self.asked(call).await {
            Ok(page) => page,
            Err(Stop::Intercom(error)) if is_not_there(&error) => {
                // It was deleted since it was listed, or nobody told us.
                let gone = (AsOf::at(read_at), Absence::Away);
                let companies = self.mirror.companies();
                companies.take_away(&company.id, gone.0, gone.1).await?;
                return Ok(after_company(next_company, 0));
            }
            Err(stop) => return Err(stop),
        };
        self.calls.heed(page.rate_limit.as_ref()).await?;
        let memberships = self.mirror.memberships();
        for contact in &page.items {
            if !self.put_contact(contact, read_at).await? {
                continue;
            }
            let pair = (&*contact.id, &*company.id);
            memberships
                .set(pair, true, AsOf::at(read_at), read_at)
                .await?;
        }
        let count = page.items.len() as u64;
        Ok(match page.next {
            Some(page) => at(after, page, count),
            None => after_company(next_company, count),
        })
    }
}

fn after_company(next: Option<String>, count: u64) -> Read {
    match next {
        Some(next) => at(Some(next), 1, count),
        None => Read {
            count,
            is_last: true,
            ..Read::default()
        },
    }
}

fn is_not_there(error: &rest::Error) -> bool {
    matches!(error, rest::Error::Refused { refusal, .. } if refusal.status.as_u16() == 404)
}

fn at(after: Option<String>, page: u32, count: u64) -> Read {
    Read {
        count,
        cursor: Some(Place { after, page }.to_text()),
        ..Read::default()
    }
}

/// Whether its people may be others than they were. One of which nobody knows may have.
fn has_changed(company: &CompanyLine, since: Option<Timestamp>) -> bool {
    let Some(since) = since else {
        return true;
    };
    let changed = company.updated_at.max(company.last_request_at);
    changed.is_none_or(|at| at > since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_as_they_were_stored() {
        for place in [
            Place {
                after: None,
                page: 1,
            },
            Place {
                after: Some("00ff".to_owned()),
                page: 7,
            },
        ] {
            assert_eq!(Place::parse(Some(&place.to_text())), place);
        }
    }

    #[test]
    fn people_are_read_again_of_companies_that_changed() {
        let at = |second| Timestamp::from_second(second).ok();
        for (updated_at, last_request_at, since, expected) in [
            (None, None, None, true),
            (at(1), at(1), None, true),
            (at(1), at(9), at(5), true),
            (at(9), None, at(5), true),
            (at(1), at(5), at(5), false),
            (None, None, at(5), true),
        ] {
            let company = CompanyLine {
                updated_at,
                last_request_at,
                ..CompanyLine::default()
            };
            assert_eq!(has_changed(&company, since), expected, "{updated_at:?}");
        }
    }
}
