//! What a contact is written with, and who is in the way of it.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::custom_attributes;
use super::declined::Declined;
use super::search::same_text;
use crate::fake::{Directory, FakeContact, Options, Role, Standing};
use crate::write::Model;

/// The fields of a body, checked. `None`: not named; `Some(None)`: to be emptied.
#[derive(Default)]
pub(super) struct Written {
    pub(super) role: Option<Role>,
    pub(super) external_id: Option<Option<String>>,
    pub(super) email: Option<Option<String>>,
    phone: Option<Option<String>>,
    name: Option<Option<String>>,
    avatar: Option<Option<String>>,
    signed_up_at: Option<Option<Timestamp>>,
    last_seen_at: Option<Option<Timestamp>>,
    unsubscribed_from_emails: Option<bool>,
    custom_attributes: Map<String, Value>,
}

impl Written {
    pub(super) fn read(directory: &Directory, body: &Map<String, Value>) -> Result<Self, Declined> {
        let mut written = Self::default();
        for (name, value) in body {
            match name.as_str() {
                "role" => written.role = Some(role(value)?),
                "external_id" => written.external_id = Some(text(name, value)?),
                "email" => written.email = Some(email(value)?),
                "phone" => written.phone = Some(text(name, value)?),
                "name" => written.name = Some(text(name, value)?),
                "avatar" => written.avatar = Some(text(name, value)?),
                "signed_up_at" => written.signed_up_at = Some(time(name, value)?),
                "last_seen_at" => written.last_seen_at = Some(time(name, value)?),
                "unsubscribed_from_emails" => {
                    let flag = value.as_bool().or(value.is_null().then_some(false));
                    let flag = flag.ok_or_else(|| wrong(name, "a boolean"))?;
                    written.unsubscribed_from_emails = Some(flag);
                }
                "custom_attributes" => {
                    let model = Model::Contact;
                    written.custom_attributes =
                        custom_attributes::checked(directory, model, Some(value))?;
                }
                "owner_id" | "language_override" | "email_verified" => {}
                _ => {
                    let said = format!("bad '{name}' parameter");
                    return Err(Declined::new(400, "bad_request", said));
                }
            }
        }
        Ok(written)
    }

    /// The same contact with what was written. Leads have an external id of Intercom's, which nobody writes.
    pub(super) fn apply(&self, contact: &mut FakeContact, now: Timestamp) {
        if let Some(role) = self.role {
            contact.role = role;
        }
        if contact.role == Role::User {
            set(&mut contact.external_id, &self.external_id);
        }
        set(&mut contact.email, &self.email);
        set(&mut contact.phone, &self.phone);
        set(&mut contact.name, &self.name);
        set(&mut contact.avatar, &self.avatar);
        set(&mut contact.signed_up_at, &self.signed_up_at);
        set(&mut contact.last_seen_at, &self.last_seen_at);
        if let Some(flag) = self.unsubscribed_from_emails {
            contact.unsubscribed_from_emails = flag;
        }
        custom_attributes::merge(&mut contact.custom_attributes, &self.custom_attributes);
        contact.updated_at = now;
    }
}

/// Whoever has the external id or the e-mail of this user already. Leads are in nobody's way, and nobody in
/// theirs.
pub(super) fn in_the_way(
    directory: &Directory,
    options: &Options,
    contact: &FakeContact,
    now: Timestamp,
) -> Result<(), Declined> {
    if contact.role == Role::Lead {
        return Ok(());
    }
    let is_going = |other: &FakeContact| other.is_being_deleted(options.deletion_takes, now);
    let counts = |other: &FakeContact| {
        other.id != contact.id
            && other.role == Role::User
            && (other.standing != Standing::Deleted || is_going(other))
    };
    let same_id = |other: &FakeContact| {
        other.external_id.is_some() && other.external_id == contact.external_id
    };
    let email = contact
        .email
        .as_deref()
        .filter(|_| options.emails_are_unique);
    let same_email =
        |other: &FakeContact| email.is_some_and(|email| same_text(other.email.as_deref(), email));
    let others = || directory.every_contact().filter(|other| counts(other));
    let other = others()
        .find(|other| same_id(other))
        .or_else(|| others().find(|other| same_email(other)));
    match other {
        Some(other) => Err(Declined::taken(
            &other.id,
            other.standing != Standing::Present,
        )),
        None => Ok(()),
    }
}

fn set<T: Clone>(field: &mut Option<T>, written: &Option<Option<T>>) {
    if let Some(value) = written {
        field.clone_from(value);
    }
}

fn role(value: &Value) -> Result<Role, Declined> {
    match value.as_str() {
        Some("user") => Ok(Role::User),
        Some("lead") => Ok(Role::Lead),
        _ => Err(Declined::invalid("role must be user or lead")),
    }
}

fn text(name: &str, value: &Value) -> Result<Option<String>, Declined> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.chars().count() <= 255 => {
            Ok(Some(text.clone()).filter(|text| !text.is_empty()))
        }
        _ => Err(wrong(name, "a string of at most 255 characters")),
    }
}

fn email(value: &Value) -> Result<Option<String>, Declined> {
    let email = text("email", value)?;
    match email {
        Some(email) if !email.contains('@') => Err(Declined::invalid("Email is invalid")),
        email => Ok(email),
    }
}

/// Seconds: milliseconds would be a year beyond 9999.
pub(super) fn time(name: &str, value: &Value) -> Result<Option<Timestamp>, Declined> {
    if value.is_null() {
        return Ok(None);
    }
    let at = value
        .as_i64()
        .and_then(|second| Timestamp::from_second(second).ok());
    at.map(Some)
        .ok_or_else(|| wrong(name, "an integer of seconds since 1970"))
}

fn wrong(name: &str, holds: &str) -> Declined {
    Declined::invalid(format!("{name} must be {holds}"))
}
