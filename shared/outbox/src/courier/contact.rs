//! Telling what is known of somebody.

use http::StatusCode;
use intercom::rest::{ContactWrite, Model};
use jiff::SignedDuration;
use serde_json::{Map, Value};

use super::call::{failed, is_gone};
use super::resolve::Resolved;
use super::{Courier, Progress, Stop, Telling, Verdict};
use crate::lane::{email_hash, id_hash};
use crate::person::marks::{self, Marks, Verdict as Judgement};
use crate::person::rows;
use crate::person::told::{Told, Turn};

/// Rounds of finding somebody and telling it, before it is left to a later run: contacts that are
/// merged, deleted or made meanwhile need one each.
const ROUNDS: usize = 6;

/// How old an event may be to say unasked when somebody was last seen whom Intercom knew before.
const SIGHTING_COUNTS: SignedDuration = SignedDuration::from_hours(24);

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
        let is_claim = !telling.rules.trust.is_of_person();
        let has_email = telling.rules.trust.covers_email();
        let mut contact = contact.clone();
        contact.role = None;
        contact.external_id = match resolved.gets_external_id && has_email {
            true => telling.who.external_id.clone(),
            false => None,
        };
        contact.email = match has_email && !resolved.is_email_others {
            true => contact.email.or_else(|| telling.who.email.clone()),
            false => None,
        };
        let mut body = body_of(&contact);
        if is_claim {
            self.leave_out_protected(telling, &mut body);
            // Nobody subscribes or unsubscribes somebody else.
            if body.remove("unsubscribed_from_emails").is_some() {
                self.warn("protected_attribute");
            }
        }
        let stamp = Self::stamp(telling);
        let before = told.marks.clone();
        marks::keep(&mut body, |name, value| {
            before.judge(name, &stamp, value) != Judgement::Older
        });
        if self.is_old_sighting(telling, &contact, &before)
            && self.was_seen_since(telling, id).await?
        {
            body.remove("last_seen_at");
        }
        loop {
            self.leave_out_unusable(telling, Model::Contact, &mut body);
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
                    if body.contains_key("external_id")
                        && self.is_external_id_taken(telling, &refusal).await?
                    {
                        return Ok(Tried::Again);
                    }
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

    /// Whether an event is long past and does not say itself when the person was last seen: of somebody whom
    /// we have not created and never told of being seen, Intercom may know better than an import.
    fn is_old_sighting(&self, telling: &Telling<'_>, contact: &ContactWrite, told: &Marks) -> bool {
        let is_assumed = contact.last_seen_at == Some(telling.timestamp.as_second());
        let age = self.now().duration_since(telling.timestamp);
        let is_told = ["last_seen_at", "role"]
            .iter()
            .any(|name| told.0.contains_key(*name));
        is_assumed && !is_told && age > SIGHTING_COUNTS
    }

    /// Whether Intercom has seen a contact later than an event says.
    async fn was_seen_since(&mut self, telling: &Telling<'_>, id: &str) -> Progress<bool> {
        let found = self.read_contact(id).await?;
        let seen_at = found.and_then(|contact| contact.last_seen_at);
        Ok(seen_at.is_some_and(|seen_at| seen_at > telling.timestamp))
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
        if let Some(hash) = &email_now
            && let Some(former) = told.id.replace(hash.clone())
            && former != *hash
        {
            let forgotten = self.outbox.forget_contact(self.workspace, &former, id);
            forgotten.await?;
        }
        let external = telling.who.external_id.as_deref();
        let external = external.map(|id| id_hash(&self.outbox.key, id));
        let has_new_id = body.contains_key("external_id");
        if let Some(hash) = external.as_ref().filter(|_| has_new_id) {
            self.remember(hash, id, None).await?;
        }
        let (_, email_of_event) = self.outbox.hashes(telling.who);
        let learnt = match has_new_id {
            true => email_of_event,
            false => email_now.filter(|_| !resolved.knows_email),
        };
        if let Some(hash) = learnt {
            self.remember(&hash, id, external).await?;
        }
        Ok(())
    }

    /// Leaves out what a claim may not set.
    pub(super) fn leave_out_protected(
        &mut self,
        telling: &Telling<'_>,
        body: &mut Map<String, Value>,
    ) {
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
pub(super) fn body_of(contact: &ContactWrite) -> Map<String, Value> {
    match serde_json::to_value(contact) {
        Ok(Value::Object(body)) => body,
        _ => Map::new(),
    }
}

pub(super) fn write_of(body: &Map<String, Value>) -> ContactWrite {
    serde_json::from_value(Value::Object(body.clone())).unwrap_or_default()
}

pub(super) fn email_in(body: &Map<String, Value>) -> Option<&str> {
    body.get("email").and_then(Value::as_str)
}
