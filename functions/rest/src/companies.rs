//! `GET /v1/companies?updated_since=&limit=&cursor=`: Intercom's companies with our figures.
//! `GET /v1/companies/{company_id}`, `GET /v1/companies/{company_id}/people`.

use identity::ContactId;
use intercom::Region;
use intercom::links::Linked;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use mirror::{Company, CompanyLine, ContactLine, Figures, ListedCompany, Named, WorkspaceMirror};
use platform::http::{ApiError, json};
use serde::Serialize;
use serde_json::{Map, Value};
use store::Grant;

use api::Error;

use crate::listing::{Listed, Listing, Place};
use crate::{State, workspace};

/// Companies whose figures are counted anew before a list is answered; others follow within the hour.
const COUNTED_AT_ONCE: usize = 25;

/// A company in the list, as callers see it.
#[derive(Serialize)]
struct PublicLine<'a> {
    id: &'a str,
    company_id: Option<&'a str>,
    name: Option<&'a str>,
    plan: Option<&'a str>,
    monthly_spend: Option<f64>,
    last_seen_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    #[serde(flatten)]
    figures: PublicFigures,
}

/// Our figures, as callers see them.
#[derive(Serialize)]
struct PublicFigures {
    people: u64,
    sessions_30d: u64,
    rage_clicks_30d: u64,
    errors_30d: u64,
    sessions_with_problems_30d: u64,
    open_conversations: u64,
    last_session_at: Option<Timestamp>,
}

/// One company, whole.
#[derive(Serialize)]
struct PublicCompany<'a> {
    #[serde(flatten)]
    line: PublicLine<'a>,
    size: Option<u64>,
    website: Option<&'a str>,
    industry: Option<&'a str>,
    user_count: Option<u64>,
    created_at: Option<Timestamp>,
    remote_created_at: Option<Timestamp>,
    tags: Vec<&'a str>,
    segments: Vec<&'a str>,
    custom_attributes: &'a Map<String, Value>,
    url: String,
}

/// Somebody who belongs to a company.
#[derive(Serialize)]
struct PublicMember<'a> {
    contact_id: &'a str,
    role: &'static str,
    user_id: Option<&'a str>,
    email: Option<&'a str>,
    name: Option<&'a str>,
    last_seen_at: Option<Timestamp>,
}

impl<'a> PublicLine<'a> {
    fn of(company: &'a CompanyLine, figures: &Figures) -> Self {
        Self {
            id: &company.id,
            company_id: company.company_id.as_deref(),
            name: company.name.as_deref(),
            plan: company.plan.as_deref(),
            monthly_spend: company.monthly_spend,
            last_seen_at: company.last_request_at,
            updated_at: company.updated_at,
            figures: PublicFigures {
                people: figures.people,
                sessions_30d: figures.sessions,
                rage_clicks_30d: figures.rage_clicks,
                errors_30d: figures.errors,
                sessions_with_problems_30d: figures.sessions_with_problems,
                open_conversations: figures.open_conversations,
                last_session_at: figures.last_session_at,
            },
        }
    }
}

impl<'a> PublicMember<'a> {
    fn of(contact: &'a ContactLine) -> Self {
        // What a lead has there is a visitor's id, which names nobody.
        let user_id = contact.external_id.as_deref();
        Self {
            contact_id: &contact.id,
            role: if contact.is_user { "user" } else { "lead" },
            user_id: user_id.filter(|_| contact.is_user),
            email: contact.email.as_deref(),
            name: contact.name.as_deref(),
            last_seen_at: contact.last_seen_at,
        }
    }
}

/// Where a company stands in the list: what changes meanwhile comes later.
fn place(listed: &ListedCompany) -> Place {
    let company = &listed.company;
    Place::new(company.updated_at, &company.id)
}

pub(crate) async fn list(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let asked = Listing::parse(
        request.uri().query().unwrap_or_default(),
        &["updated_since"],
    )?;
    let connection = workspace::connected(state, grant, asked.workspace.as_deref()).await?;
    let now = state.clock.now();
    let mirror = state.mirror.of(&grant.organization, &connection.workspace);
    let companies = mirror.companies();
    companies.count_changed(COUNTED_AT_ONCE, now).await?;
    let mut all = companies.list(now).await?;
    let after = asked.cursor.as_deref().map(Place::parse).transpose()?;
    all.retain(|listed| {
        let is_since = asked.since.is_none_or(|since| {
            let updated_at = listed.company.updated_at;
            updated_at.is_some_and(|updated_at| updated_at >= since)
        });
        is_since && after.as_ref().is_none_or(|after| place(listed) > *after)
    });
    all.sort_by_key(place);
    let has_more = all.len() > asked.limit;
    all.truncate(asked.limit);
    tracing::info!("companies read");
    let next = all.last().filter(|_| has_more).map(place);
    let data = all
        .iter()
        .map(|listed| PublicLine::of(&listed.company, &listed.figures));
    Ok(json(
        StatusCode::OK,
        &Listed {
            data: data.collect(),
            next_cursor: next.map(|place| place.to_text()),
        },
    ))
}

pub(crate) async fn show(
    state: &State,
    grant: &Grant,
    id: &str,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let asked = Listing::parse(request.uri().query().unwrap_or_default(), &[])?;
    let connection = workspace::connected(state, grant, asked.workspace.as_deref()).await?;
    let now = state.clock.now();
    let mirror = state.mirror.of(&grant.organization, &connection.workspace);
    let company = named(&mirror, id, now).await?;
    let companies = mirror.companies();
    companies.count_changed(COUNTED_AT_ONCE, now).await?;
    let listed = companies.listed(&company.id, now).await?;
    let figures = listed.map(|listed| listed.figures).unwrap_or_default();
    let tags = mirror.vocabulary().tags(now).await?;
    let segments = mirror.vocabulary().segments(now).await?;
    let region = Region::parse(connection.region.as_str());
    let linked = Linked::Company(&company.id);
    let url = state
        .hosts
        .link(region, connection.workspace.as_str(), linked);
    tracing::info!("company read");
    let line = company.line();
    let shown = PublicCompany {
        line: PublicLine::of(&line, &figures),
        size: company.size,
        website: company.website.as_deref(),
        industry: company.industry.as_deref(),
        user_count: company.user_count,
        created_at: company.created_at,
        remote_created_at: company.remote_created_at,
        tags: Named::names(&company.tags, &tags),
        segments: Named::names(&company.segments, &segments),
        custom_attributes: &company.custom_attributes,
        url: url.to_string(),
    };
    Ok(json(StatusCode::OK, &shown))
}

pub(crate) async fn people(
    state: &State,
    grant: &Grant,
    id: &str,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let asked = Listing::parse(request.uri().query().unwrap_or_default(), &[])?;
    let connection = workspace::connected(state, grant, asked.workspace.as_deref()).await?;
    let now = state.clock.now();
    let mirror = state.mirror.of(&grant.organization, &connection.workspace);
    let company = named(&mirror, id, now).await?;
    let after = asked.cursor.as_deref();
    if let Some(after) = after
        && ContactId::parse(after).is_err()
    {
        return Err(crate::listing::bad_cursor().into());
    }
    let members = mirror
        .memberships()
        .page_of_company(&company.id, after, asked.limit + 1, now)
        .await?;
    let page = &members[..members.len().min(asked.limit)];
    let has_more = members.len() > asked.limit;
    let next = page.last().filter(|_| has_more);
    tracing::info!("people of a company read");
    Ok(json(
        StatusCode::OK,
        &Listed {
            data: page
                .iter()
                .map(|member| PublicMember::of(&member.contact))
                .collect(),
            next_cursor: next.map(|member| member.contact.id.clone()),
        },
    ))
}

/// The company with an id of the workspace's own; else Intercom's.
///
/// # Errors
/// 404 when there is none.
pub(crate) async fn named(
    mirror: &WorkspaceMirror<'_>,
    id: &str,
    now: Timestamp,
) -> Result<Company, Error> {
    let companies = mirror.companies();
    let found = match companies.find(id, now).await? {
        Some(company) => Some(company),
        None => companies.get(id, now).await?,
    };
    let unknown = || {
        ApiError::new(
            StatusCode::NOT_FOUND,
            "unknown_company",
            "There is no such company among those that are imported.",
        )
    };
    Ok(found.ok_or_else(unknown)?)
}
