//! The form that begins a conversation.

use askama::Template;
use mirror::{Company, Contact};
use pages::format;

use super::companies::name;
use super::words::escaped;
use crate::sending::FormShown;

/// The page.
#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct MessagePage {
    company: String,
    back: String,
    who: String,
    /// Where e-mails go; without one only the Messenger is left.
    email: Option<String>,
    form: FormShown,
}

impl MessagePage {
    pub(crate) fn new(company: &Company, contact: &Contact, form: FormShown) -> Self {
        let who = contact.name.as_deref().or(contact.email.as_deref());
        let wants_emails = !contact.unsubscribed_from_emails;
        let email = contact.email.as_deref().filter(|_| wants_emails);
        Self {
            company: name(company.name.as_deref(), &company.id),
            back: format!("/companies/{}#people", escaped(&company.id)),
            who: format::clip(who.unwrap_or("Somebody"), 120),
            email: email.map(|email| format::clip(email, 120)),
            form,
        }
    }
}
