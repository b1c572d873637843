//! Somebody: what they are called, what Intercom says of them, what they did and what they wrote.

use askama::Template;
use identity::{AliasKind, PersonId};
use mirror::{Company, Contact, Moment, What};
use pages::{csrf, format};
use serde_json::Value;

use super::frame::{self, Frame};
use super::naming::{self, ShownAlias};
use super::sessions::SessionRow;
use crate::access::Viewer;
use crate::context::PageContext;
use crate::erase;
use crate::history::Entry;
use crate::last_list;
use crate::person::{Account, Shown};

/// Most attributes that are shown.
const MAX_ATTRIBUTES: usize = 100;

/// The page.
#[derive(Template)]
#[template(path = "person.html")]
pub(crate) struct PersonPage {
    all_sessions: Option<String>,
    name: String,
    aliases: Vec<ShownAlias>,
    is_doubtful: bool,
    account: Option<ShownAccount>,
    /// The page of the contact that somebody only claims to be, and its name.
    claimed_contact: Option<(String, String)>,
    lines: Vec<Line>,
    older: Option<String>,
    erase: Option<EraseForm>,
}

/// What Intercom says of them.
struct ShownAccount {
    link: String,
    facts: Vec<(&'static str, String)>,
    tags: Vec<String>,
    segments: Vec<String>,
    attributes: Vec<(String, String)>,
    companies: Vec<ShownCompany>,
}

struct ShownCompany {
    link: String,
    name: String,
    /// Its plan, where it has one.
    note: String,
}

/// A line of their history.
enum Line {
    Session(Box<SessionRow>),
    Moment(ShownMoment),
}

/// A conversation, or an event.
struct ShownMoment {
    at: String,
    kind: &'static str,
    what: String,
    /// Where a conversation stands.
    state: Option<&'static str>,
    link: Option<String>,
}

/// The form that erases everything about them: for admins alone.
struct EraseForm {
    path: String,
    token: String,
}

impl PersonPage {
    /// `person`: whose page was asked for, by our id or Intercom's.
    pub(crate) fn new(
        context: &PageContext<'_>,
        viewer: &Viewer,
        person: &PersonId,
        shown: &Shown,
    ) -> Self {
        let frame = Frame::of(viewer);
        let known = &shown.known;
        let lines = shown.history.entries.iter().map(|entry| match entry {
            Entry::Session(session) => {
                let link = frame::link_to_session(context, viewer, &session.session_id);
                let row = SessionRow::new(session, link, &frame, context.now);
                Line::Session(Box::new(row))
            }
            Entry::Moment(moment) => Line::Moment(ShownMoment::new(moment, &frame)),
        });
        let path = format!("/people/{person}");
        let older = shown.history.older.as_ref();
        let older = older.map(|next| frame::link(&path, &[("before", &next.to_string())]));
        let mut aliases: Vec<_> = known.aliases.iter().collect();
        // As on the page of a recording.
        aliases.sort_by_key(|alias| alias.kind != AliasKind::Email);
        let first = |wanted| {
            let found = aliases.iter().find(|alias| alias.kind == wanted);
            found.map(|alias| alias.value.as_str())
        };
        let own = shown.account.as_ref().and(known.contact.as_ref());
        let name = own.and_then(|contact| contact.name.as_deref());
        let name =
            name.unwrap_or_else(|| naming::name(first(AliasKind::Email), first(AliasKind::UserId)));
        // Of a contact that was never recorded there is nothing of ours to erase.
        let recorded = known.people.contains(person).then_some(person);
        let recorded = recorded.or_else(|| known.id());
        let erase = viewer.as_admin().zip(recorded);
        let claimed = known.contact.as_ref().filter(|_| known.is_contact_claimed);
        Self {
            name: format::clip(name, 120),
            is_doubtful: known.is_ambiguous,
            account: own
                .zip(shown.account.as_ref())
                .map(|(contact, account)| ShownAccount::new(contact, account, &frame)),
            claimed_contact: claimed
                .filter(|_| frame.sees_all)
                .map(|contact| (format!("/people/{}", escaped(&contact.id)), called(contact))),
            lines: lines.collect(),
            older,
            erase: erase.map(|(admin, person)| EraseForm {
                path: format!("/people/{person}/erase"),
                token: csrf::token(&context.signer, &admin.sign_in, &erase::action(person)),
            }),
            all_sessions: frame
                .sees_all
                .then(|| last_list::address(context.headers())),
            aliases: aliases
                .into_iter()
                .map(|alias| ShownAlias::new(alias.kind, &alias.value, !alias.is_verified))
                .collect(),
        }
    }
}

impl ShownAccount {
    fn new(contact: &Contact, account: &Account, frame: &Frame) -> Self {
        let date = |at| frame.date(at);
        let place = [&contact.city, &contact.country].into_iter().flatten();
        let place: Vec<_> = place.map(String::as_str).collect();
        let role = if contact.is_user { "User" } else { "Lead" };
        let mail = contact.unsubscribed_from_emails.then_some("Unsubscribed");
        let facts = [
            ("In Intercom", Some(role.to_owned())),
            ("Email", contact.email.clone()),
            ("Phone", contact.phone.clone()),
            ("Place", Some(place.join(", "))),
            ("Signed up", contact.signed_up_at.map(date)),
            ("Last seen", contact.last_seen_at.map(date)),
            ("Last wrote", contact.last_replied_at.map(date)),
            ("Last written to", contact.last_contacted_at.map(date)),
            ("Emails", mail.map(str::to_owned)),
        ];
        let attributes = contact.custom_attributes.iter().take(MAX_ATTRIBUTES);
        Self {
            link: account.link.clone(),
            facts: facts
                .into_iter()
                .filter_map(|(name, value)| Some((name, format::clip(&value?, 200))))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            tags: account.tags.clone(),
            segments: account.segments.clone(),
            attributes: attributes
                .map(|(name, value)| (format::clip(name, 80), format::clip(&text(value), 200)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            companies: account.companies.iter().map(ShownCompany::new).collect(),
        }
    }
}

impl ShownCompany {
    fn new(company: &Company) -> Self {
        let name = company.name.as_deref().or(company.company_id.as_deref());
        Self {
            link: format!("/companies/{}", escaped(&company.id)),
            name: format::clip(name.unwrap_or("Company without a name"), 120),
            note: format::clip(company.plan.as_deref().unwrap_or_default(), 120),
        }
    }
}

impl ShownMoment {
    fn new(moment: &Moment, frame: &Frame) -> Self {
        let at = frame.date(moment.at);
        match &moment.what {
            What::Conversation { title, state, .. } => Self {
                at,
                kind: "Conversation",
                what: format::clip(title.as_deref().unwrap_or("Conversation"), 200),
                state: Some(state.as_str()),
                link: Some(format!("/conversations/{}", escaped(&moment.id))),
            },
            What::Event { name } => Self {
                at,
                kind: "Event",
                what: format::clip(name, 200),
                state: None,
                link: None,
            },
            // The mirror's sessions are ours, and stand here as such.
            What::Session(session) => Self {
                at,
                kind: "Session",
                what: format::clip(&session.story, 200),
                state: None,
                link: Some(format!("/sessions/{}", escaped(&moment.id))),
            },
        }
    }
}

fn called(contact: &Contact) -> String {
    let name = contact.name.as_deref().or(contact.email.as_deref());
    let name = name.or(contact.external_id.as_deref());
    format::clip(name.unwrap_or("Somebody"), 120)
}

/// An id of Intercom's in a path.
fn escaped(id: &str) -> String {
    let id: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
    id.replace('+', "%20")
}

/// A value of an attribute as people read it.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    }
}
