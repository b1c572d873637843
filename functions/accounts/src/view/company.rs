//! One company.

use askama::Template;
use intercom::Region;
use intercom::links::Linked;
use jiff::tz::TimeZone;
use mirror::{Member, Moment, What};
use pages::format;
use pages::sign_in::SignedIn;
use serde_json::Value;

use super::companies::name;
use crate::company::{PEOPLE_PER_PAGE, Shown};
use crate::context::PageContext;

/// Most attributes that are shown.
const MAX_ATTRIBUTES: usize = 100;

/// The page.
#[derive(Template)]
#[template(path = "company.html")]
pub(crate) struct CompanyPage {
    name: String,
    intercom: String,
    facts: Vec<(&'static str, String)>,
    tags: Vec<String>,
    segments: Vec<String>,
    attributes: Vec<(String, String)>,
    people: Vec<Person>,
    people_said: String,
    more_people: Option<String>,
    fewer_people: Option<String>,
    moments: Vec<Line>,
    earlier: Option<String>,
    latest: Option<String>,
}

struct Person {
    name: String,
    note: String,
    last_seen: String,
    link: String,
}

/// A row of the time line.
struct Line {
    at: String,
    kind: &'static str,
    what: String,
    who: String,
    badges: Vec<(&'static str, String)>,
    link: Option<String>,
    verb: &'static str,
}

impl CompanyPage {
    pub(crate) fn new(context: &PageContext<'_>, admin: &SignedIn, shown: Shown) -> Self {
        let timezone = admin.connection.timezone.zone();
        let Shown {
            company, figures, ..
        } = &shown;
        let date = |at| format::date_and_time(at, &timezone);
        let facts = [
            ("Company ID", company.company_id.clone()),
            ("Plan", company.plan.clone()),
            (
                "Spend a month",
                company.monthly_spend.map(|spend| spend.to_string()),
            ),
            ("Industry", company.industry.clone()),
            ("Size", company.size.map(|size| size.to_string())),
            ("Website", company.website.clone()),
            ("Last seen", company.last_request_at.map(date)),
            (
                "Since",
                company.remote_created_at.or(company.created_at).map(date),
            ),
            ("Sessions in 30 days", Some(figures.sessions.to_string())),
            (
                "Of these with problems",
                Some(figures.sessions_with_problems.to_string()),
            ),
            (
                "Rage clicks in 30 days",
                Some(figures.rage_clicks.to_string()),
            ),
            ("Errors in 30 days", Some(figures.errors.to_string())),
            (
                "Open conversations",
                Some(figures.open_conversations.to_string()),
            ),
            ("Last recorded", figures.last_session_at.map(date)),
            ("Counted at", figures.counted_at.map(date)),
        ];
        let attributes = company.custom_attributes.iter().take(MAX_ATTRIBUTES);
        let of_people = |from: usize| {
            let address = context.request.uri().path();
            match from {
                0 => address.to_owned(),
                from => format!("{address}?people={from}"),
            }
        };
        let more = shown.people_from + shown.people.len();
        let path = context.request.uri().path();
        let people = shown.people.iter();
        let who = |moment: &Moment| {
            let found = shown
                .people
                .iter()
                .find(|person| person.contact.id == moment.contact);
            found.map_or(String::new(), called)
        };
        Self {
            name: name(company.name.as_deref(), &company.id),
            facts: facts
                .into_iter()
                .filter_map(|(name, value)| Some((name, format::clip(&value?, 200))))
                .collect(),
            attributes: attributes
                .map(|(name, value)| (format::clip(name, 80), format::clip(&text(value), 200)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            people: people
                .map(|member| Person::new(context, admin, member))
                .collect(),
            people_said: format::count(shown.people_total as u64, "person"),
            more_people: (more < shown.people_total).then(|| of_people(more)),
            fewer_people: (shown.people_from > 0)
                .then(|| of_people(shown.people_from.saturating_sub(PEOPLE_PER_PAGE))),
            moments: shown
                .moments
                .iter()
                .map(|moment| Line::new(moment, who(moment), &timezone))
                .collect(),
            earlier: shown
                .earlier
                .map(|at| format!("{path}?before={}#time-line", at.as_millisecond())),
            latest: (!shown.is_latest).then(|| format!("{path}#time-line")),
            tags: shown.tags,
            segments: shown.segments,
            intercom: shown.intercom,
        }
    }
}

impl Person {
    fn new(context: &PageContext<'_>, admin: &SignedIn, member: &Member) -> Self {
        let contact = &member.contact;
        let timezone = admin.connection.timezone.zone();
        let region = Region::parse(admin.connection.region.as_str());
        let linked = Linked::Contact(&contact.id);
        let workspace = admin.connection.workspace.as_str();
        let note = contact
            .email
            .clone()
            .or_else(|| contact.external_id.clone());
        Self {
            name: called(member),
            note: format::clip(&note.unwrap_or_default(), 120),
            last_seen: contact
                .last_seen_at
                .map_or_else(String::new, |at| format::date_and_time(at, &timezone)),
            link: context
                .state
                .hosts
                .link(region, workspace, linked)
                .to_string(),
        }
    }
}

impl Line {
    fn new(moment: &Moment, who: String, timezone: &TimeZone) -> Self {
        let at = format::date_and_time(moment.at, timezone);
        match &moment.what {
            What::Session(session) => {
                let badges = [
                    (session.rage_clicks, "rage_click", "rage click"),
                    (session.errors, "js_error", "error"),
                ];
                let badges = badges.into_iter().filter(|(count, _, _)| *count > 0);
                let story = match session.story.as_str() {
                    "" => "Recorded session".to_owned(),
                    story => format::clip(story, 200),
                };
                Self {
                    at,
                    kind: "Session",
                    what: story,
                    who,
                    badges: badges
                        .map(|(count, sign, noun)| (sign, format::count(u64::from(count), noun)))
                        .collect(),
                    link: Some(format!("/sessions/{}", moment.id)),
                    verb: "Watch",
                }
            }
            What::Conversation { title, state, .. } => Self {
                at,
                kind: "Conversation",
                what: format::clip(title.as_deref().unwrap_or("Conversation"), 200),
                who,
                badges: vec![("state", state.as_str().to_owned())],
                link: Some(format!("/conversations/{}", escaped(&moment.id))),
                verb: "Read",
            },
            What::Event { name } => Self {
                at,
                kind: "Event",
                what: format::clip(name, 200),
                who,
                badges: Vec::new(),
                link: None,
                verb: "",
            },
        }
    }
}

fn called(member: &Member) -> String {
    let contact = &member.contact;
    let name = contact.name.as_deref().or(contact.email.as_deref());
    let name = name.or(contact.external_id.as_deref());
    format::clip(name.unwrap_or("Somebody"), 120)
}

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
