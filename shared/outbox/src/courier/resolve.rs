//! Which contact somebody is.
//!
//! Our own memory first, then the external id at Intercom, then a search by e-mail address; the external
//! id decides where both are known. A search may be minutes late, so nothing is concluded from what it
//! does not find: whoever is created twice is refused by Intercom, which then says who it is.

use http::StatusCode;
use intercom::contact::Contact;
use intercom::request::Role;
use intercom::rest::Done;

use super::{Courier, Progress, Step, Stop, Telling, Verdict};
use crate::person::contact_map::{ERASED, KnownContact};

/// Which contact somebody is, and what may be said of their names.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    /// Intercom's id; `None` when there is nobody yet.
    pub(super) contact: Option<String>,
    /// The e-mail address is another contact's: it is not told.
    pub(super) is_email_others: bool,
    /// The contact has no external id yet, and gets this one.
    pub(super) gets_external_id: bool,
    /// Our memory knows the contact by this e-mail address.
    pub(super) knows_email: bool,
}

impl Resolved {
    fn of(contact: Option<String>) -> Self {
        Self {
            contact,
            is_email_others: false,
            gets_external_id: false,
            knows_email: false,
        }
    }
}

impl Courier<'_> {
    /// Finds somebody.
    pub(super) async fn resolve(&mut self, telling: &Telling<'_>) -> Progress<Resolved> {
        let who = telling.who;
        let (external, email) = self.outbox.hashes(who);
        let hashes = [external.as_deref(), email.as_deref()];
        let known = self.outbox.known_contacts(self.workspace, hashes).await?;
        if known.erased_at >= Some(telling.timestamp) {
            return Err(Stop::With(Verdict::Dropped(ERASED)));
        }
        let contacts = known.contacts;
        let [by_id, by_email] =
            contacts.map(|known| known.filter(|k| !self.gone.contains(&k.contact)));
        let Some(external_id) = who.external_id.as_deref() else {
            return self.resolve_by_email(telling, by_email).await;
        };
        // An anonymous id is whatever somebody's browser says: it may be another one's user id.
        let is_guess = telling.rules.by_anonymous_id && !telling.rules.trust.is_of_person();
        let by_id = match by_id {
            Some(known) if is_guess && !known.anonymous => {
                return Err(Stop::With(Verdict::Dropped("claim_of_another_id")));
            }
            Some(known) => Some(known.contact),
            None if is_guess => match self.find_by_external_id(external_id).await? {
                Some(_) => return Err(Stop::With(Verdict::Dropped("claim_of_another_id"))),
                None => None,
            },
            None => self.find_by_external_id(external_id).await?,
        };
        let holder = self.reclaim_email(telling, by_email, by_id.as_deref());
        let holder = holder.await?;
        if let Some(contact) = by_id {
            let known = holder.known.as_ref();
            let is_own = known.is_some_and(|known| known.contact == contact);
            let others = match holder.known.filter(|known| known.contact != contact) {
                // A lead, and whoever is gone, stands in nobody's way.
                Some(known) => !matches!(self.whose_external_id(known).await?, Holder::Nobody),
                None => false,
            };
            if others {
                self.warn("conflict");
            }
            return Ok(Resolved {
                is_email_others: others,
                knows_email: !holder.is_to_be_noted && (is_own || others),
                ..Resolved::of(Some(contact))
            });
        }
        let Some(address) = who.email.as_deref() else {
            return Ok(Resolved::of(None));
        };
        let holder = match holder.known {
            // A search may still find whoever had it.
            None if holder.is_free => Holder::Nobody,
            Some(known) => self.whose_external_id(known).await?,
            None => self.find_by_email_without_id(address).await?,
        };
        Ok(match holder {
            Holder::Nobody => Resolved::of(None),
            Holder::WithoutId(contact) if telling.rules.trust.covers_email() => Resolved {
                gets_external_id: true,
                knows_email: true,
                ..Resolved::of(Some(contact))
            },
            Holder::WithoutId(_) | Holder::WithAnother => {
                self.warn("conflict");
                Resolved {
                    is_email_others: true,
                    ..Resolved::of(None)
                }
            }
        })
    }

    async fn resolve_by_email(
        &mut self,
        telling: &Telling<'_>,
        known: Option<KnownContact>,
    ) -> Progress<Resolved> {
        if let Some(known) = known {
            return Ok(Resolved {
                knows_email: true,
                ..Resolved::of(Some(known.contact))
            });
        }
        let Some(address) = telling.who.email.as_deref() else {
            return Ok(Resolved::of(None));
        };
        let mut found = self.search_by_email(address).await?;
        let users = found.iter().filter(|contact| contact.role != Role::Lead);
        if users.count() > 1 {
            self.warn("several_contacts");
        }
        // Users before leads, then whoever was seen last; of those never seen, always the same.
        found.sort_by(|one, other| {
            let rank = |contact: &Contact| {
                (
                    contact.role != Role::Lead,
                    contact.last_seen_at,
                    contact.id.clone(),
                )
            };
            rank(other).cmp(&rank(one))
        });
        let Some(contact) = found.first() else {
            return Ok(Resolved::of(None));
        };
        // Whose identify is still to come is a user beside the lead, and what they did is theirs.
        let says_who = telling
            .steps
            .iter()
            .any(|step| matches!(step, Step::Contact(_)));
        if contact.role == Role::Lead && telling.rules.may_wait && !says_who {
            return Ok(Resolved::of(None));
        }
        self.remember_email(address, contact).await?;
        Ok(Resolved {
            knows_email: true,
            ..Resolved::of(Some(contact.id.clone()))
        })
    }

    /// Asks for the user with an external id.
    pub(super) async fn find_by_external_id(&mut self, id: &str) -> Progress<Option<String>> {
        self.reserve().await?;
        let asked = self
            .intercom
            .find_contact_by_external_id(self.region, self.token, id)
            .await;
        let path = "/contacts/find_by_external_id/…".to_owned();
        let Ok(found) = self.heard("GET", path, asked).await? else {
            return Ok(None);
        };
        let found = found.filter(|contact| !self.gone.contains(&contact.id) && !contact.archived);
        if let Some(contact) = &found {
            self.remember_external_id(id, contact).await?;
        }
        Ok(found.map(|contact| contact.id))
    }

    /// Those with an e-mail address, as far as the search knows.
    async fn search_by_email(&mut self, email: &str) -> Progress<Vec<Contact>> {
        self.reserve().await?;
        let asked = self
            .intercom
            .search_contacts_by_email(self.region, self.token, email)
            .await;
        let asked = asked.map(|page| Done {
            value: page.items,
            status: StatusCode::OK,
            rate_limit: page.rate_limit,
        });
        let path = "/contacts/search".to_owned();
        let found = self.heard("POST", path, asked).await?.unwrap_or_default();
        let is_there = |contact: &Contact| !contact.archived && !self.gone.contains(&contact.id);
        Ok(found.into_iter().filter(is_there).collect())
    }

    /// Who has an e-mail address, for somebody whose external id nobody has. A lead is never taken for
    /// them: anybody can write an address into the Messenger.
    async fn find_by_email_without_id(&mut self, email: &str) -> Progress<Holder> {
        let found = self.search_by_email(email).await?;
        let users: Vec<&Contact> = found
            .iter()
            .filter(|contact| contact.role != Role::Lead)
            .collect();
        if users.len() < found.len() {
            self.warn("lead_with_same_email");
        }
        let without_id = |contact: &&&Contact| contact.external_id.is_none();
        let latest = users
            .iter()
            .filter(without_id)
            .max_by_key(|contact| (contact.last_seen_at, &contact.id));
        Ok(match latest {
            Some(contact) => Holder::WithoutId(contact.id.clone()),
            None if users.is_empty() => Holder::Nobody,
            None => Holder::WithAnother,
        })
    }

    /// Whether a contact that is known by its e-mail address has an external id.
    async fn whose_external_id(&mut self, known: KnownContact) -> Progress<Holder> {
        let read = self.read_contact(&known.contact).await?;
        Ok(match read {
            None => Holder::Nobody,
            Some(contact) if contact.role == Role::Lead => Holder::Nobody,
            Some(contact) if contact.external_id.is_none() => Holder::WithoutId(contact.id),
            Some(_) => Holder::WithAnother,
        })
    }

    /// A contact as it stands at Intercom.
    pub(super) async fn read_contact(&mut self, id: &str) -> Progress<Option<Contact>> {
        self.reserve().await?;
        let asked = self.intercom.contact(self.region, self.token, id).await;
        let asked = asked.map(|contact| Done {
            status: match contact.is_some() {
                true => StatusCode::OK,
                false => StatusCode::NOT_FOUND,
            },
            value: contact,
            rate_limit: None,
        });
        let found = self.heard("GET", format!("/contacts/{id}"), asked).await?;
        let found = found.unwrap_or_default();
        if found.as_ref().is_some_and(|contact| !contact.archived) {
            self.gone.remove(id);
        }
        Ok(found)
    }
}

/// Who has an e-mail address.
enum Holder {
    Nobody,
    /// A user without an external id.
    WithoutId(String),
    /// Users with other external ids.
    WithAnother,
}
