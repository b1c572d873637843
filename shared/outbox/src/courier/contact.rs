//! Creating and changing a contact.

use http::StatusCode;
use intercom::contact::Contact;
use intercom::request::Role;
use intercom::rest::{ContactRole, ContactWrite, Detail, Model, Refusal};
use serde_json::{Map, Value};

use super::call::{failed, is_gone};
use super::resolve::Resolved;
use super::{Courier, Progress, Stop, Telling, Verdict};
use crate::event::Trust;
use crate::lane::{email_hash, id_hash};
use crate::person::contact_map::KnownContact;
use crate::person::marks::{self, Verdict as Judgement};
use crate::person::rows;
use crate::person::told::{Told, Turn};

/// Rounds of finding somebody and telling it, before it is left to a later run: contacts that are merged,
/// deleted or made meanwhile need one each.
const ROUNDS: usize = 6;

/// What came of a try.
pub(super) enum Tried {
    /// It is told, to this contact.
    Done(String),
    /// The contact is gone, or somebody else has been found: find them again.
    Again,
}

impl Courier<'_> {
    /// Tells what is known of somebody, whom it creates where there is nobody; which contact it is.
    pub(super) async fn tell_contact(
        &mut self,
        telling: &Telling<'_>,
        contact: &ContactWrite,
    ) -> Progress<String> {
        let mut others_email = false;
        for _ in 0..ROUNDS {
            let mut resolved = self.resolve(telling).await?;
            resolved.is_email_others |= others_email;
            let tried = match resolved.contact.clone() {
                Some(id) => self.update(telling, contact, &id, &mut resolved).await?,
                None => self.create(telling, contact, &mut resolved).await?,
            };
            others_email |= resolved.is_email_others;
            if let Tried::Done(id) = tried {
                return Ok(id);
            }
        }
        Err(Stop::With(Verdict::Unavailable))
    }

    /// Somebody who is known, or is to be created by now; else the event waits.
    pub(super) async fn require_contact(&mut self, telling: &Telling<'_>) -> Progress<String> {
        if let Some(contact) = self.resolve(telling).await?.contact {
            return Ok(contact);
        }
        if !telling.rules.create_unknown {
            return Err(Stop::With(Verdict::Unknown));
        }
        self.tell_contact(telling, &ContactWrite::default()).await
    }

    async fn create(
        &mut self,
        telling: &Telling<'_>,
        contact: &ContactWrite,
        resolved: &mut Resolved,
    ) -> Progress<Tried> {
        let is_claim = telling.rules.trust == Trust::Claimed;
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
            self.leave_out_unusable(Model::Contact, &mut body);
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

    /// Notes what a contact was created with, unless somebody told it something in between: then it is told
    /// again, so that the newest wins.
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
            if telling.rules.trust == Trust::Claimed {
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

    /// Whether a contact that stands in the way is the one that is meant, by its external id or, where there is
    /// none, by its e-mail address. Remembers who has which.
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
            let is_claim = telling.rules.trust == Trust::Claimed;
            let is_another = found.external_id.is_some() || found.role == Role::Lead || is_claim;
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

    async fn update(
        &mut self,
        telling: &Telling<'_>,
        contact: &ContactWrite,
        id: &str,
        resolved: &mut Resolved,
    ) -> Progress<Tried> {
        let key = rows::told(self.outbox.organization, self.workspace, id);
        let mut told = match self.outbox.take_turn(&key, self.run, self.now()).await? {
            Turn::Ours(told) => told,
            Turn::Theirs(until) => return Err(Stop::With(Verdict::Busy(until))),
        };
        let told = self
            .update_in_turn(telling, contact, (id, &mut told), resolved)
            .await
            .map(|tried| (tried, told));
        match told {
            Ok((tried @ Tried::Done(_), told)) => {
                match self.outbox.end_turn(&key, self.run, &told).await? {
                    true => Ok(tried),
                    false => Ok(Tried::Again),
                }
            }
            Ok((Tried::Again, _)) => {
                self.outbox.give_turn_away(&key, self.run).await?;
                Ok(Tried::Again)
            }
            Err(stop) => {
                // What was to be told comes again: nobody has to wait until the turn has run out.
                self.outbox.give_turn_away(&key, self.run).await?;
                Err(stop)
            }
        }
    }

    async fn update_in_turn(
        &mut self,
        telling: &Telling<'_>,
        contact: &ContactWrite,
        (id, told): (&str, &mut Told),
        resolved: &mut Resolved,
    ) -> Progress<Tried> {
        let is_claim = telling.rules.trust == Trust::Claimed;
        let mut contact = contact.clone();
        contact.role = None;
        contact.external_id = match resolved.gets_external_id && !is_claim {
            true => telling.who.external_id.clone(),
            false => None,
        };
        contact.email = match resolved.is_email_others || is_claim {
            true => None,
            false => contact.email.or_else(|| telling.who.email.clone()),
        };
        let mut body = body_of(&contact);
        if is_claim {
            self.leave_out_protected(telling, &mut body);
        }
        let stamp = Self::stamp(telling);
        let before = told.marks.clone();
        marks::keep(&mut body, |name, value| {
            before.judge(name, &stamp, value) != Judgement::Older
        });
        loop {
            self.leave_out_unusable(Model::Contact, &mut body);
            if body.is_empty() {
                break;
            }
            self.reserve().await?;
            let write = write_of(&body);
            let asked = self
                .intercom
                .update_contact(self.region, self.token, id, &write)
                .await;
            match self.heard("PUT", format!("/contacts/{id}"), asked).await? {
                Ok(_) => break,
                Err(refusal) if is_gone(&refusal) => {
                    self.forget_gone(telling, id, &refusal).await?;
                    return Ok(Tried::Again);
                }
                Err(refusal) if refusal.status == StatusCode::CONFLICT => {
                    self.warn("conflict");
                    // Whose the external id or e-mail address is, is found next time.
                    if body.remove("email").is_some() {
                        resolved.is_email_others = true;
                        continue;
                    }
                    if body.remove("external_id").is_none() {
                        return Err(failed(&refusal));
                    }
                }
                Err(refusal) => {
                    if !self
                        .mend(telling, Model::Contact, &refusal, &mut body)
                        .await?
                    {
                        return Err(failed(&refusal));
                    }
                }
            }
        }
        fail::fail_point!(crate::steps::UPDATED);
        self.note_updated(telling, (id, told), &body, resolved)
            .await?;
        Ok(Tried::Done(id.to_owned()))
    }

    async fn note_updated(
        &mut self,
        telling: &Telling<'_>,
        (id, told): (&str, &mut Told),
        body: &Map<String, Value>,
        resolved: &Resolved,
    ) -> Progress<()> {
        let stamp = Self::stamp(telling);
        for (name, value) in marks::things(body) {
            told.marks.note(&name, &stamp, value);
        }
        let email = email_in(body);
        let email_now = email.map(|email| email_hash(&self.outbox.key, email));
        if let Some(hash) = &email_now {
            if let Some(former) = told
                .id
                .replace(hash.clone())
                .filter(|former| former != hash)
            {
                self.outbox
                    .forget_contact(self.workspace, &former, id)
                    .await?;
            }
        }
        let external = telling.who.external_id.as_deref();
        let external = external.map(|id| id_hash(&self.outbox.key, id));
        if body.contains_key("external_id") {
            if let Some(hash) = &external {
                self.remember(hash, id, None).await?;
            }
        }
        if let Some(hash) = email_now.filter(|_| !resolved.knows_email) {
            self.remember(&hash, id, external).await?;
        } else if body.contains_key("external_id") {
            if let (_, Some(hash)) = self.outbox.hashes(telling.who) {
                self.remember(&hash, id, external).await?;
            }
        }
        Ok(())
    }

    async fn remember_created(
        &mut self,
        telling: &Telling<'_>,
        id: &str,
        email: Option<&str>,
    ) -> Progress<()> {
        let external = telling.who.external_id.as_deref();
        let external = external.map(|id| id_hash(&self.outbox.key, id));
        if let Some(hash) = &external {
            self.remember(hash, id, None).await?;
        }
        if let Some(email) = email {
            let hash = email_hash(&self.outbox.key, email);
            self.remember(&hash, id, external).await?;
        }
        Ok(())
    }

    pub(super) async fn remember_external_id(
        &mut self,
        external_id: &str,
        contact: &Contact,
    ) -> Progress<()> {
        let hash = id_hash(&self.outbox.key, external_id);
        self.remember(&hash, &contact.id, None).await
    }

    pub(super) async fn remember_email(&mut self, email: &str, contact: &Contact) -> Progress<()> {
        let hash = email_hash(&self.outbox.key, email);
        let external = contact
            .external_id
            .as_deref()
            .filter(|_| contact.role != Role::Lead);
        let external = external.map(|id| id_hash(&self.outbox.key, id));
        self.remember(&hash, &contact.id, external).await
    }

    /// Remembers who has a key, and wakes those who wait for it.
    pub(super) async fn remember(
        &mut self,
        hash: &str,
        contact: &str,
        external: Option<String>,
    ) -> Progress<()> {
        let known = KnownContact {
            contact: contact.to_owned(),
            external,
        };
        let now = self.now();
        self.outbox
            .remember_contact(self.workspace, hash, &known, now)
            .await?;
        let waiting = self.outbox.waiters(self.workspace, hash).await?;
        self.woken.extend(waiting);
        Ok(())
    }

    /// Forgets a contact that is gone; one that it was merged into has its keys from now on.
    pub(super) async fn forget_gone(
        &mut self,
        telling: &Telling<'_>,
        id: &str,
        refusal: &Refusal,
    ) -> Progress<()> {
        self.gone.insert(id.to_owned());
        let (external, email) = self.outbox.hashes(telling.who);
        for hash in [external, email].into_iter().flatten() {
            self.outbox
                .forget_contact(self.workspace, &hash, id)
                .await?;
            if let Some(Detail::Merged { into }) = &refusal.detail {
                if !self.gone.contains(into) {
                    self.remember(&hash, into, None).await?;
                }
            }
        }
        Ok(())
    }

    /// Leaves out what a claim may not set.
    fn leave_out_protected(&mut self, telling: &Telling<'_>, body: &mut Map<String, Value>) {
        let protected = &telling.rules.protected_attributes;
        let is_protected = |name: &str| {
            let name = name.strip_prefix("c.").unwrap_or(name);
            protected.iter().any(|each| each == name) && name != "role"
        };
        let before = marks::things(body).count();
        marks::keep(body, |name, _| {
            !is_protected(name) || matches!(name, "external_id" | "email")
        });
        if marks::things(body).count() < before {
            self.warn("protected_attribute");
        }
    }
}

/// A contact as the things that are said of it.
fn body_of(contact: &ContactWrite) -> Map<String, Value> {
    match serde_json::to_value(contact) {
        Ok(Value::Object(body)) => body,
        _ => Map::new(),
    }
}

fn write_of(body: &Map<String, Value>) -> ContactWrite {
    serde_json::from_value(Value::Object(body.clone())).unwrap_or_default()
}

fn email_in(body: &Map<String, Value>) -> Option<&str> {
    body.get("email").and_then(Value::as_str)
}
