//! `GET /v1/people?{alias}={value}|contact_id={id}`, `GET /v1/people/{person_id}`: who somebody is, what they
//! are called, their contact at Intercom, its companies, and their sessions.

use api::workspace;
use identity::PersonId;
use intercom::Region;
use intercom::links::Linked;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use mirror::{Company, Contact, Named as Word};
use person::{Directory, Known, KnownAlias, Whom};
use platform::http::{ApiError, json};
use serde::Serialize;
use serde_json::{Map, Value};
use store::{Connection, Grant, SessionRow};

use super::asked::{Asked, Named, person};
use crate::{Error, State};

/// Most companies of somebody that are shown. Intercom allows a thousand; hardly anybody has more than a few.
const MAX_COMPANIES: usize = 50;

/// Somebody, as callers see them.
#[derive(Serialize)]
struct PublicPerson<'a> {
    person: PublicIdentity<'a>,
    aliases: Vec<PublicAlias<'a>>,
    contact: Option<PublicContact<'a>>,
    companies: Vec<PublicCompany<'a>>,
    sessions: Vec<PublicSession<'a>>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct PublicIdentity<'a> {
    person_id: &'a str,
    /// Whether anything that they are called by was said by somebody who can know.
    verified: bool,
    /// Whether several people share what leads here.
    ambiguous: bool,
}

#[derive(Serialize)]
struct PublicAlias<'a> {
    kind: &'static str,
    value: &'a str,
    verified: bool,
}

#[derive(Serialize)]
struct PublicContact<'a> {
    contact_id: &'a str,
    role: &'static str,
    user_id: Option<&'a str>,
    email: Option<&'a str>,
    name: Option<&'a str>,
    phone: Option<&'a str>,
    created_at: Option<Timestamp>,
    signed_up_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    last_seen_at: Option<Timestamp>,
    last_replied_at: Option<Timestamp>,
    last_contacted_at: Option<Timestamp>,
    unsubscribed_from_emails: bool,
    tags: Vec<&'a str>,
    segments: Vec<&'a str>,
    custom_attributes: &'a Map<String, Value>,
    /// Whether nothing but a claim leads to it.
    claimed: bool,
    url: String,
}

#[derive(Serialize)]
struct PublicCompany<'a> {
    id: &'a str,
    company_id: Option<&'a str>,
    name: Option<&'a str>,
    plan: Option<&'a str>,
    monthly_spend: Option<f64>,
    last_seen_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct PublicSession<'a> {
    session_id: &'a str,
    started_at: Timestamp,
    ended_at: Timestamp,
    duration_ms: u64,
    story: &'a str,
    landing_url: Option<&'a str>,
    rage_clicks: u64,
    dead_clicks: u64,
    errors: u64,
    /// Whether it is but said to be theirs.
    claimed: bool,
}

/// What a person's contact is described with.
struct Words {
    tags: Vec<Word>,
    segments: Vec<Word>,
    url: String,
}

pub(super) async fn by_name(state: &State, request: &Request) -> Result<Response<Body>, Error> {
    let grant = state.keys.may_read(request).await?;
    let query = request.uri().query().unwrap_or_default();
    let (named, asked) = (Named::parse(query)?, Asked::parse(query)?);
    answer(state, &grant, named.whom(), &asked).await
}

pub(super) async fn by_id(
    state: &State,
    id: &str,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let grant = state.keys.may_read(request).await?;
    let person = person(id)?;
    let asked = Asked::parse(request.uri().query().unwrap_or_default())?;
    answer(state, &grant, Whom::Person(&person), &asked).await
}

async fn answer(
    state: &State,
    grant: &Grant,
    whom: Whom<'_>,
    asked: &Asked,
) -> Result<Response<Body>, Error> {
    let named = asked.workspace.as_deref();
    let connection = workspace::connected(&state.store, grant, named).await?;
    let now = state.clock.now();
    let directory = Directory {
        store: &state.store,
        mirror: &state.intercom.mirror,
        connection: &connection,
        now,
    };
    let known = directory.find(whom).await.map_err(failed)?;
    let known = known.ok_or_else(unknown_person)?;
    let sessions = state.store.of(&grant.organization).sessions();
    let page = sessions.with_claims(&known.people, &known.claimed, &asked.sessions, now);
    let page = page.await?;
    let (companies, words) = match &known.contact {
        Some(contact) => of_intercom(state, &connection, contact, now).await?,
        None => (Vec::new(), None),
    };
    tracing::info!("person read");
    let id = known.id().map(PersonId::as_str);
    let id = id.or(known.contact.as_ref().map(|contact| contact.id.as_str()));
    let shown = PublicPerson {
        person: PublicIdentity {
            person_id: id.unwrap_or_default(),
            verified: known.aliases.iter().any(|alias| alias.is_verified),
            ambiguous: known.is_ambiguous,
        },
        aliases: known.aliases.iter().map(PublicAlias::of).collect(),
        contact: known
            .contact
            .as_ref()
            .zip(words.as_ref())
            .map(|(contact, words)| PublicContact::of(contact, words, known.is_contact_claimed)),
        companies: companies.iter().map(PublicCompany::of).collect(),
        sessions: page
            .sessions
            .iter()
            .map(|row| PublicSession::of(row, &known))
            .collect(),
        next_cursor: page.next.map(|next| next.to_string()),
    };
    Ok(json(StatusCode::OK, &shown))
}

/// The companies of a contact, and the words that it is described with.
async fn of_intercom(
    state: &State,
    connection: &Connection,
    contact: &Contact,
    now: Timestamp,
) -> Result<(Vec<Company>, Option<Words>), Error> {
    let mirror = &state.intercom.mirror;
    let mirror = mirror.of(&connection.organization, &connection.workspace);
    let mut companies = mirror.memberships().companies_of(&contact.id, now).await?;
    companies.truncate(MAX_COMPANIES);
    let companies = mirror.companies().get_all(&companies, now).await?;
    let region = Region::parse(connection.region.as_str());
    let linked = Linked::Contact(&contact.id);
    let hosts = &state.intercom.hosts;
    let url = hosts.link(region, connection.workspace.as_str(), linked);
    let words = Words {
        tags: mirror.vocabulary().tags(now).await?,
        segments: mirror.vocabulary().segments(now).await?,
        url: url.to_string(),
    };
    Ok((companies, Some(words)))
}

impl<'a> PublicAlias<'a> {
    fn of(alias: &'a KnownAlias) -> Self {
        Self {
            kind: alias.kind.as_str(),
            value: &alias.value,
            verified: alias.is_verified,
        }
    }
}

impl<'a> PublicContact<'a> {
    fn of(contact: &'a Contact, words: &'a Words, is_claimed: bool) -> Self {
        // What a lead has there is a visitor's id, which names nobody.
        let user_id = contact.external_id.as_deref();
        Self {
            contact_id: &contact.id,
            role: if contact.is_user { "user" } else { "lead" },
            user_id: user_id.filter(|_| contact.is_user),
            email: contact.email.as_deref(),
            name: contact.name.as_deref(),
            phone: contact.phone.as_deref(),
            created_at: contact.created_at,
            signed_up_at: contact.signed_up_at,
            updated_at: contact.updated_at,
            last_seen_at: contact.last_seen_at,
            last_replied_at: contact.last_replied_at,
            last_contacted_at: contact.last_contacted_at,
            unsubscribed_from_emails: contact.unsubscribed_from_emails,
            tags: Word::names(&contact.tags, &words.tags),
            segments: Word::names(&contact.segments, &words.segments),
            custom_attributes: &contact.custom_attributes,
            claimed: is_claimed,
            url: words.url.clone(),
        }
    }
}

impl<'a> PublicCompany<'a> {
    fn of(company: &'a Company) -> Self {
        Self {
            id: &company.id,
            company_id: company.company_id.as_deref(),
            name: company.name.as_deref(),
            plan: company.plan.as_deref(),
            monthly_spend: company.monthly_spend,
            last_seen_at: company.last_request_at,
        }
    }
}

impl<'a> PublicSession<'a> {
    fn of(row: &'a SessionRow, known: &Known) -> Self {
        let summary = &row.summary;
        Self {
            session_id: row.session_id.as_str(),
            started_at: summary.started_at,
            ended_at: summary.ended_at,
            duration_ms: summary.duration_ms,
            story: &summary.story,
            landing_url: summary.landing_url.as_deref(),
            rage_clicks: summary.counts.rage_clicks,
            dead_clicks: summary.counts.dead_clicks,
            errors: summary.counts.known_errors(),
            claimed: known.is_claim(&row.person),
        }
    }
}

fn failed(error: person::Error) -> Error {
    match error {
        person::Error::Store(error) => error.into(),
        person::Error::Mirror(error) => error.into(),
    }
}

fn unknown_person() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown_person",
        "Nobody was recorded under this name, and no imported contact has it.",
    )
}
