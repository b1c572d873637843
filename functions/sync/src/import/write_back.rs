//! What goes back: our figures, to companies and people that Intercom has. None is ever made there.
//!
//! A company is written when what was counted of it is other than what was written last; its people are
//! looked at when it was counted again, and each is written by the same rule. What was written is noted after
//! the call, so whoever dies in between writes the same once more.

mod attributes;
mod values;

use fail::fail_point;
use identity::SessionId;
use intercom::HttpsUrl;
use intercom::rest::{Advice, ContactWrite, Detail, Error, Model};
use jiff::Timestamp;
use mirror::{ContactFigures, WrittenCompany};
use platform::telemetry::Chain;
use serde_json::{Map, Value};

use crate::import::{Importer, Read, Stop};

/// Companies that are counted before any is written.
const COUNTED_AT_ONCE: usize = 50;

/// Companies of one page.
const COMPANIES: usize = 25;

/// People of one page.
const PEOPLE: usize = 25;

/// Where it stands, as it is in the progress: after a company, and among the people of the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Place {
    after: Option<String>,
    /// Whose people are under way, and after whom.
    people: Option<(String, String)>,
}

impl Place {
    fn parse(cursor: Option<&str>) -> Self {
        let mut fields = cursor.unwrap_or_default().splitn(3, ':');
        let mut next = || fields.next().filter(|field| !field.is_empty());
        // One after the other: an empty field is one as well.
        let (after, company, contact) = (next(), next(), next());
        Self {
            after: after.map(str::to_owned),
            people: company
                .zip(contact)
                .map(|(company, contact)| (company.to_owned(), contact.to_owned())),
        }
    }

    fn after(company: &str) -> Self {
        Self {
            after: Some(company.to_owned()),
            people: None,
        }
    }

    fn to_text(&self) -> String {
        let (company, contact) = match &self.people {
            Some((company, contact)) => (&**company, &**contact),
            None => ("", ""),
        };
        let after = self.after.as_deref().unwrap_or_default();
        format!("{after}:{company}:{contact}")
    }
}

impl Importer<'_> {
    pub(crate) async fn write_back(&mut self, cursor: Option<&str>) -> Result<Read, Stop> {
        let now = self.now();
        if cursor.is_none() {
            let companies = self.mirror.companies();
            if companies.count_changed(COUNTED_AT_ONCE, now).await? {
                // It begins when all are counted.
                return Ok(Read::default());
            }
        }
        let mut place = Place::parse(cursor);
        let companies = self.mirror.companies();
        let after = place.after.as_deref();
        let some = companies.written_after(after, COMPANIES, now).await?;
        let mut count = 0;
        for company in &some.companies {
            count += u64::from(self.write_company(company).await?);
            let Some(counted_at) = uncounted(company) else {
                place = Place::after(&company.place);
                continue;
            };
            let under_way = place.people.filter(|(of, _)| *of == company.place);
            let after = under_way.map(|(_, contact)| contact);
            let (written, last) = self.write_people(&company.id, after.as_deref()).await?;
            count += written;
            let next = match last {
                Some(contact) => Place {
                    after: place.after,
                    people: Some((company.place.clone(), contact)),
                },
                None => {
                    let companies = self.mirror.companies();
                    companies
                        .note_people_written(&company.id, counted_at)
                        .await?;
                    Place::after(&company.place)
                }
            };
            // The people of one company are enough for a page.
            return Ok(Read {
                count,
                cursor: Some(next.to_text()),
                ..Read::default()
            });
        }
        let next = some.next.map(|place| Place::after(&place).to_text());
        Ok(Read {
            count,
            is_last: next.is_none(),
            cursor: next,
            pending: Vec::new(),
            ..Read::default()
        })
    }

    /// Writes a company if anything changed; whether it was written.
    async fn write_company(&mut self, company: &WrittenCompany) -> Result<bool, Stop> {
        let values = values::of_company(&company.figures);
        let Some(digest) = to_write(&values, company.written.as_deref()) else {
            return Ok(false);
        };
        if !self.write(Model::Company, &company.id, &values).await? {
            return Ok(false);
        }
        fail_point!(crate::steps::WRITTEN_BACK);
        let companies = self.mirror.companies();
        companies.note_written(&company.id, &digest).await?;
        Ok(true)
    }

    /// Writes those of some people of whom anything changed; how many that were, and the last of those who
    /// were looked at if there may be more.
    async fn write_people(
        &mut self,
        company: &str,
        after: Option<&str>,
    ) -> Result<(u64, Option<String>), Stop> {
        let now = self.now();
        let members = self.mirror.memberships();
        let people = members.page_of_company(company, after, PEOPLE, now).await?;
        let mut count = 0;
        for member in &people {
            count += u64::from(self.write_person(&member.contact.id, now).await?);
        }
        let last = people.last().filter(|_| people.len() == PEOPLE);
        Ok((count, last.map(|member| member.contact.id.clone())))
    }

    async fn write_person(&mut self, contact: &str, now: Timestamp) -> Result<bool, Stop> {
        let figures = self.mirror.contacts().figures(contact, now).await?;
        let values = values::of_person(&figures, self.recording(&figures).as_ref());
        let written = self.mirror.contacts().written(contact, now).await?;
        let Some(digest) = to_write(&values, written.as_deref()) else {
            return Ok(false);
        };
        if !self.write(Model::Contact, contact, &values).await? {
            return Ok(false);
        }
        fail_point!(crate::steps::WRITTEN_BACK);
        let contacts = self.mirror.contacts();
        contacts.note_written(contact, &digest, now).await?;
        Ok(true)
    }

    /// Where the last session is watched: in the organization's own player, if it has one. It opens to
    /// whoever is signed in, because everybody in the workspace reads an attribute.
    fn recording(&self, figures: &ContactFigures) -> Option<HttpsUrl> {
        let (_, session) = figures.last_session.as_ref()?;
        let player = self.connection.preferences.player_url_template.as_ref();
        if let Some(player) = player {
            return HttpsUrl::parse(&player.address(session, 0)).ok();
        }
        let session = SessionId::parse(session).ok()?;
        Some(
            self.state
                .pages
                .sessions
                .as_ref()?
                .below([session.as_str()]),
        )
    }

    /// Writes attributes, which are made on first use. `false` when Intercom takes them of this one not.
    async fn write(
        &mut self,
        model: Model,
        id: &str,
        values: &Map<String, Value>,
    ) -> Result<bool, Stop> {
        let mut are_made = false;
        loop {
            self.calls.take(1).await?;
            match self.tell(model, id, values).await {
                Ok(said) => {
                    self.calls.heed(said.as_ref()).await?;
                    return Ok(true);
                }
                Err(error) if is_unknown(&error) && !are_made => {
                    self.make_attributes(model).await?;
                    are_made = true;
                }
                Err(error) if is_about_one(&error) => {
                    tracing::warn!(error = %Chain(&error), "Intercom takes no figures of one");
                    return Ok(false);
                }
                Err(error) => return Err(self.calls.refused(error).await),
            }
        }
    }

    async fn tell(
        &self,
        model: Model,
        id: &str,
        values: &Map<String, Value>,
    ) -> Result<Option<intercom::rest::RateLimit>, Error> {
        let (intercom, access) = (&self.state.intercom, self.access);
        let (region, token) = (access.region, &access.token);
        match model {
            Model::Company => {
                let call = intercom.update_company_attributes(region, token, id, values);
                Ok(call.await?.rate_limit)
            }
            Model::Contact => {
                let write = ContactWrite {
                    custom_attributes: values.clone(),
                    ..ContactWrite::default()
                };
                let call = intercom.update_contact(region, token, id, &write);
                Ok(call.await?.rate_limit)
            }
        }
    }
}

/// As of which count the people of a company are to be looked at; `None` when that is done.
fn uncounted(company: &WrittenCompany) -> Option<Timestamp> {
    let counted_at = company.figures.counted_at?;
    let is_new = company.people_written_at < Some(counted_at);
    is_new.then_some(counted_at)
}

/// What tells these values from others, if they are to be written: they are not what was written last, and
/// where nothing was ever recorded and written, nothing is.
fn to_write(values: &Map<String, Value>, written: Option<&str>) -> Option<String> {
    if written.is_none() && values::are_nothing(values) {
        return None;
    }
    // A map is in the order of its names.
    let text = Value::Object(values.clone()).to_string();
    let digest = table::digest(text.as_bytes());
    (written != Some(&*digest)).then_some(digest)
}

/// Whether the workspace does not know an attribute.
fn is_unknown(error: &Error) -> bool {
    match error {
        Error::Refused { refusal, .. } => {
            matches!(
                refusal.detail,
                Some(Detail::Attribute { unknown: true, .. })
            )
        }
        _ => false,
    }
}

/// Whether Intercom refuses this company or person, and others perhaps not: it is gone, or is put away.
fn is_about_one(error: &Error) -> bool {
    match error {
        Error::Refused { refusal, .. } => {
            error.advice() == Advice::GiveUp
                && !is_unknown(error)
                && matches!(refusal.status.as_u16(), 400 | 404 | 409 | 410 | 422)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_come_back_as_they_were_stored() {
        let people = |company: &str, contact: &str| Some((company.to_owned(), contact.to_owned()));
        for place in [
            Place::after("00ff"),
            Place {
                after: None,
                people: people("00ff", "66:f0"),
            },
            Place {
                after: Some("00aa".to_owned()),
                people: people("00ff", "66f0"),
            },
        ] {
            assert_eq!(Place::parse(Some(&place.to_text())), place);
        }
        assert_eq!(Place::parse(None), Place::default());
    }

    #[test]
    fn what_is_written_already_or_is_nothing_at_all_is_not_written() {
        let of = |sessions: u64| {
            values::of_company(&mirror::Figures {
                sessions,
                ..mirror::Figures::default()
            })
        };
        assert_eq!(to_write(&of(0), None), None);
        let one = to_write(&of(1), None).unwrap();
        assert_eq!(to_write(&of(1), Some(&one)), None);
        let two = to_write(&of(2), Some(&one)).unwrap();
        assert_ne!(one, two);
        assert!(to_write(&of(0), Some(&two)).is_some(), "it has become none");
        assert_eq!(of(1)["Recapt Sessions 30d"], json!(1));
    }

    #[test]
    fn people_are_looked_at_once_for_each_count() {
        let at = |second| Timestamp::from_second(second).unwrap();
        for (counted_at, written_at, expected) in [
            (None, None, None),
            (Some(1), None, Some(1)),
            (Some(1), Some(1), None),
            (Some(2), Some(1), Some(2)),
        ] {
            let company = WrittenCompany {
                id: "c".to_owned(),
                place: "00ff".to_owned(),
                figures: mirror::Figures {
                    counted_at: counted_at.map(at),
                    ..mirror::Figures::default()
                },
                written: None,
                people_written_at: written_at.map(at),
            };
            assert_eq!(uncounted(&company), expected.map(at));
        }
    }
}
