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
        if *archived {
            if !telling.rules.trust.is_of_person() {
                return Err(Stop::With(Verdict::Dropped("claim_of_archived_person")));
            }
            self.unarchive(contact).await?;
        }
        let Some(found) = self.read_contact(contact).await? else {
            self.gone.insert(contact.clone());
            return Ok(Tried::Again);
        };
        self.take_found(telling, &found, resolved).await
    }

    async fn unarchive(&mut self, contact: &str) -> Progress<()> {
        self.reserve().await?;
        let asked = self
            .intercom
            .unarchive_contact(self.region, self.token, contact)
            .await;
        let path = format!("/contacts/{contact}/unarchive");
        match self.heard("POST", path, asked).await? {
            Ok(()) => Ok(()),
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
        let same = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) => one.trim() == other.trim(),
            _ => false,
        };
        if same(&found.external_id, &who.external_id) {
            let id = who.external_id.as_deref().unwrap_or_default();
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
