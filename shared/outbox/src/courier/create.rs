//! Creating a contact, and what Intercom says instead: mostly, that somebody is there.

use http::StatusCode;
use intercom::contact::Contact;
use intercom::request::Role;
use intercom::rest::{ContactRole, ContactWrite, Detail, Model, Refusal};
use serde_json::{Map, Value};

use super::call::failed;
use super::contact::{Tried, body_of, email_in, write_of};
use super::resolve::Resolved;
use super::{Courier, Progress, Stop, Telling, Verdict};
use crate::lane::email_hash;
use crate::person::marks;
use crate::person::rows;
use crate::person::told::Turn;

impl Courier<'_> {
    pub(super) async fn create(
        &mut self,
        telling: &Telling<'_>,
        contact: &ContactWrite,
        resolved: &mut Resolved,
    ) -> Progress<Tried> {
        let is_claim = !telling.rules.trust.is_of_person();
        if is_claim && !telling.rules.create_from_claims {
            return Err(Stop::With(Verdict::Dropped("claim_of_unknown_person")));
        }
        let mut contact = contact.clone();
        contact.role = Some(ContactRole::User);
        contact.external_id.clone_from(&telling.who.external_id);
        contact.email = match resolved.is_email_others {
            true => None,
            false => telling.who.email.clone(),
        };
        if contact.external_id.is_none() && contact.email.is_none() {
            return Err(Stop::With(Verdict::Dropped("conflict")));
        }
        let mut body = body_of(&contact);
        if is_claim {
            self.leave_out_protected(telling, &mut body);
        }
        let created = loop {
            self.leave_out_unusable(telling, Model::Contact, &mut body);
            self.reserve().await?;
            let write = write_of(&body);
            let asked = self
                .intercom
                .create_contact(self.region, self.token, &write)
                .await;
            match self.heard("POST", "/contacts".to_owned(), asked).await? {
                Ok(created) => break created,
                Err(refusal) => {
                    if self
                        .mend(telling, Model::Contact, &refusal, &mut body)
                        .await?
                    {
                        continue;
                    }
                    return self.not_created(telling, &refusal, resolved).await;
                }
            }
        };
        fail::fail_point!(crate::steps::CREATED);
        self.remember_created(telling, &created.id, write_of(&body).email.as_deref())
            .await?;
        self.note_created(telling, &created.id, &body).await
    }

    /// Notes what a contact was created with, unless somebody told it something in between: then it is
    /// told again, so that the newest wins.
    async fn note_created(
        &mut self,
        telling: &Telling<'_>,
        id: &str,
        body: &Map<String, Value>,
    ) -> Progress<Tried> {
        let key = rows::told(self.outbox.organization, self.workspace, id);
        let mut told = match self.outbox.take_turn(&key, self.run, self.now()).await? {
            Turn::Ours(told) => told,
            Turn::Theirs(until) => return Err(Stop::With(Verdict::Busy(until))),
        };
        if !told.marks.0.is_empty() {
            self.outbox.give_turn_away(&key, self.run).await?;
            return Ok(Tried::Again);
        }
        let stamp = Self::stamp(telling);
        for (name, value) in marks::things(body) {
            told.marks.note(&name, &stamp, value);
        }
        told.id = email_in(body).map(|email| email_hash(&self.outbox.key, email));
        match self.outbox.end_turn(&key, self.run, &told).await? {
            true => Ok(Tried::Done(id.to_owned())),
            false => Ok(Tried::Again),
        }
    }

    /// What Intercom says instead of creating somebody: mostly, that they are there.
    async fn not_created(
        &mut self,
        telling: &Telling<'_>,
        refusal: &Refusal,
        resolved: &mut Resolved,
    ) -> Progress<Tried> {
        if refusal.status != StatusCode::CONFLICT {
            return Err(failed(refusal));
        }
        let Some(Detail::Taken { contact, archived }) = &refusal.detail else {
            // Several have the e-mail address, and Intercom does not say who.
            if telling.who.external_id.is_some() && !resolved.is_email_others {
                self.warn("conflict");
                resolved.is_email_others = true;
                return Ok(Tried::Again);
            }
            return Err(Stop::With(Verdict::Unavailable));
        };
        let wanted = telling.who.external_id.as_deref();
        let is_meant = |found: &Contact| match (&found.external_id, wanted) {
            (Some(_), Some(wanted)) => has_external_id(found, wanted),
            _ => true,
        };
        let in_the_way = self.look_in_the_way(telling, (contact, *archived), is_meant);
        let Some(found) = in_the_way.await? else {
            return Ok(Tried::Again);
        };
        self.take_found(telling, &found, resolved).await
    }

    /// Looks at a contact that is in the way. One that was put away is restored if it is meant, and stays
    /// where it is otherwise.
    async fn look_in_the_way(
        &mut self,
        telling: &Telling<'_>,
        (contact, archived): (&str, bool),
        is_meant: impl Fn(&Contact) -> bool,
    ) -> Progress<Option<Contact>> {
        if archived && !telling.rules.trust.is_of_person() {
            return Err(Stop::With(Verdict::Dropped("claim_of_archived_person")));
        }
        let mut found = self.read_contact(contact).await?;
        if archived && found.is_none() {
            // Where those that were put away cannot be read, one sees only afterwards who it is.
            self.unarchive(contact).await?;
            found = self.read_contact(contact).await?;
            if found.as_ref().is_some_and(|found| !is_meant(found)) {
                self.archive(contact).await?;
            }
        } else if found
            .as_ref()
            .is_some_and(|found| found.archived && is_meant(found))
        {
            self.unarchive(contact).await?;
        }
        if found.is_none() {
            self.gone.insert(contact.to_owned());
        }
        Ok(found)
    }

    /// Whether an external id that a contact was to get is another contact's. Then that one is remembered,
    /// and it is meant.
    pub(super) async fn is_external_id_taken(
        &mut self,
        telling: &Telling<'_>,
        refusal: &Refusal,
    ) -> Progress<bool> {
        let (Some(Detail::Taken { contact, archived }), Some(wanted)) =
            (&refusal.detail, telling.who.external_id.as_deref())
        else {
            return Ok(false);
        };
        let is_meant = |found: &Contact| has_external_id(found, wanted);
        let found = self.look_in_the_way(telling, (contact, *archived), is_meant);
        let Some(found) = found.await?.filter(is_meant) else {
            return Ok(false);
        };
        self.remember_external_id(wanted, &found).await?;
        Ok(true)
    }

    async fn archive(&mut self, contact: &str) -> Progress<()> {
        self.reserve().await?;
        let asked = self
            .intercom
            .archive_contact(self.region, self.token, contact)
            .await;
        let path = format!("/contacts/{contact}/archive");
        match self.heard("POST", path, asked).await? {
            Ok(()) => Ok(()),
            Err(refusal) => Err(failed(&refusal)),
        }
    }

    async fn unarchive(&mut self, contact: &str) -> Progress<()> {
        self.reserve().await?;
        let asked = self
            .intercom
            .unarchive_contact(self.region, self.token, contact)
            .await;
        let path = format!("/contacts/{contact}/unarchive");
        match self.heard("POST", path, asked).await? {
            Ok(()) => {
                self.gone.remove(contact);
                Ok(())
            }
            Err(_) => Err(Stop::With(Verdict::Failed(
                "contact_not_restorable".to_owned(),
            ))),
        }
    }

    /// Whether a contact that stands in the way is the one that is meant, by its external id or, where
    /// there is none, by its e-mail address. Remembers who has which.
    async fn take_found(
        &mut self,
        telling: &Telling<'_>,
        found: &Contact,
        resolved: &mut Resolved,
    ) -> Progress<Tried> {
        let who = telling.who;
        let wanted = who.external_id.as_deref();
        if let Some(id) = wanted.filter(|id| has_external_id(found, id)) {
            self.remember_external_id(id, found).await?;
        } else if let Some(email) = &who.email {
            self.remember_email(email, found).await?;
            let is_another = found.external_id.is_some()
                || found.role == Role::Lead
                || !telling.rules.trust.covers_email();
            if who.external_id.is_some() && is_another {
                self.warn("conflict");
                resolved.is_email_others = true;
            }
        } else {
            return Err(Stop::With(Verdict::Failed(
                "refused_409:conflict".to_owned(),
            )));
        }
        Ok(Tried::Again)
    }
}

fn has_external_id(contact: &Contact, id: &str) -> bool {
    let own = contact.external_id.as_deref();
    own.is_some_and(|own| own.trim() == id.trim())
}
