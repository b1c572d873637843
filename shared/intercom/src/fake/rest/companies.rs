//! Companies, and who belongs to them.

use std::cmp::Reverse;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{self, get, post};
use axum::{Json, Router};
use http::HeaderMap;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::contact_write::time;
use super::contacts::known;
use super::declined::Declined;
use super::numbered::Numbered;
use super::{changed, custom_attributes, fields, looked, second, with_rate_limit};
use crate::fake::scroll::NoScroll;
use crate::fake::{Directory, FakeCompany, FakeIntercom, Standing, Workspace, model};
use crate::write::Model;

/// Most companies of a contact.
const MAX_COMPANIES: usize = 1_000;

pub(super) fn routes() -> Router<FakeIntercom> {
    Router::new()
        .route("/companies", get(find).post(upsert))
        .route("/companies/list", post(list))
        .route("/companies/scroll", get(scroll))
        .route("/companies/{id}", get(read).put(update).delete(delete))
        .route("/companies/{id}/contacts", get(contacts))
        .route("/contacts/{id}/companies", get(of_contact).post(attach))
        .route(
            "/contacts/{id}/companies/{company}",
            routing::delete(detach),
        )
}

type Intercom = State<FakeIntercom>;

#[derive(Deserialize)]
struct Sought {
    company_id: Option<String>,
    name: Option<String>,
}

async fn find(
    State(intercom): Intercom,
    Query(sought): Query<Sought>,
    headers: HeaderMap,
) -> Response {
    looked(&intercom, &headers, |workspace, directory| {
        let is_sought = |company: &&FakeCompany| {
            let same = |sought: &Option<String>, found: &str| {
                sought.as_deref().is_none_or(|sought| sought == found)
            };
            same(&sought.company_id, &company.company_id)
                && same(&sought.name, company.name.as_deref().unwrap_or_default())
        };
        let found = directory.companies().iter().filter(is_sought);
        let found: Vec<Value> = found.map(|each| json(workspace, directory, each)).collect();
        let is_for_one = sought.company_id.is_some() || sought.name.is_some();
        if found.is_empty() && is_for_one {
            return Err(Declined::no_company());
        }
        let total = found.len();
        let pages =
            json!({ "type": "pages", "page": 1, "per_page": total.max(1), "total_pages": 1 });
        Ok(json!({ "type": "list", "data": found, "pages": pages, "total_count": total }))
    })
}

/// Those that have people, the one whose people were seen last first.
fn listed(workspace: &Workspace, directory: &Directory) -> Vec<Value> {
    let companies = directory.companies().iter();
    let mut listed: Vec<_> = companies
        .map(|company| (company, directory.people_of(&company.id)))
        .filter(|(_, people)| *people > 0)
        .collect();
    listed.sort_by_key(|(company, _)| (Reverse(company.last_request_at), company.id.clone()));
    let listed = listed.into_iter();
    listed
        .map(|(company, people)| company.json(&workspace.id, people))
        .collect()
}

async fn list(
    State(intercom): Intercom,
    Query(asked): Query<Numbered>,
    headers: HeaderMap,
) -> Response {
    let options = intercom.options();
    looked(&intercom, &headers, |workspace, directory| {
        asked.page(listed(workspace, directory), "data", 15, options)
    })
}

#[derive(Deserialize)]
struct AskedScroll {
    scroll_param: Option<String>,
}

/// Most companies of a page of a scroll.
const SCROLLED: usize = 100;

async fn scroll(
    State(intercom): Intercom,
    Query(asked): Query<AskedScroll>,
    headers: HeaderMap,
) -> Response {
    let options = intercom.options();
    let size = SCROLLED.min(options.largest_page);
    let when = (intercom.now(), options.scroll_idle);
    with_rate_limit(&intercom, &headers, |workspace| {
        let param = asked.scroll_param.as_deref();
        let begun = intercom.scroll(|scrolls| scrolls.next(&workspace.id, param, size, when));
        let (param, position) = match begun {
            Ok(begun) => begun,
            Err(NoScroll::Taken) => {
                let said = "scroll already exists for this workspace";
                return Declined::new(400, "scroll_exists", said).into_response();
            }
            Err(NoScroll::Unknown) => {
                return Declined::new(404, "not_found", "scroll parameter not found")
                    .into_response();
            }
        };
        let all = intercom.read(&workspace.id, |directory| listed(workspace, directory));
        let all = all.unwrap_or_default().into_iter();
        let data: Vec<Value> = all.skip(position).take(size).collect();
        if data.is_empty() {
            intercom.scroll(|scrolls| scrolls.end(&workspace.id));
        }
        Json(json!({
            "type": "list", "data": data, "pages": null, "total_count": null, "scroll_param": param,
        }))
        .into_response()
    })
}

async fn contacts(
    State(intercom): Intercom,
    Path(id): Path<String>,
    Query(asked): Query<Numbered>,
    headers: HeaderMap,
) -> Response {
    let options = intercom.options();
    looked(&intercom, &headers, |workspace, directory| {
        by_id(directory, &id)?;
        let contacts = directory.contacts_of(&id).into_iter();
        let present = contacts.filter(|contact| contact.standing == Standing::Present);
        let all = present.map(|contact| model::contact(&workspace.id, contact, second));
        asked.page(all.collect(), "data", 50, options)
    })
}

/// One that is there; it makes none.
async fn update(
    State(intercom): Intercom,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    changed(&intercom, &headers, |workspace, directory, now| {
        let mut company = by_id(directory, &id)?.clone();
        write(&mut company, directory, &fields(&body)?, now)?;
        if let Some(kept) = directory.company_mut(&id) {
            kept.clone_from(&company);
        }
        Ok(json(workspace, directory, &company))
    })
}

async fn read(State(intercom): Intercom, Path(id): Path<String>, headers: HeaderMap) -> Response {
    looked(&intercom, &headers, |workspace, directory| {
        Ok(json(workspace, directory, by_id(directory, &id)?))
    })
}

async fn upsert(State(intercom): Intercom, headers: HeaderMap, body: Bytes) -> Response {
    changed(&intercom, &headers, |workspace, directory, now| {
        let body = fields(&body)?;
        let company_id = body
            .get("company_id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if company_id.is_empty() {
            return Err(Declined::new(
                400,
                "parameter_not_found",
                "company_id is required",
            ));
        }
        let known = directory.company(company_id).cloned();
        let is_new = known.is_none();
        let fresh = || FakeCompany::new(String::new(), company_id.to_owned(), now);
        let mut company = known.unwrap_or_else(fresh);
        write(&mut company, directory, &body, now)?;
        if is_new {
            company.id = directory.next_id(now);
            directory.add_company(company.clone());
        } else if let Some(kept) = directory.company_mut(&company.id) {
            kept.clone_from(&company);
        }
        Ok(json(workspace, directory, &company))
    })
}

fn write(
    company: &mut FakeCompany,
    directory: &Directory,
    body: &Map<String, Value>,
    now: Timestamp,
) -> Result<(), Declined> {
    for (name, value) in body {
        let bad = || Declined::new(400, "bad_request", format!("bad '{name}' parameter"));
        let text = || match value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            _ => Err(bad()),
        };
        match name.as_str() {
            "company_id" => {}
            "name" => company.name = text()?,
            "plan" => company.plan = text()?,
            "website" => company.website = text()?,
            "industry" => company.industry = text()?,
            "size" => company.size = Some(value.as_i64().ok_or_else(bad)?),
            "monthly_spend" => {
                let spend = value.as_f64().filter(|it| it.abs() < f64::from(i32::MAX));
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "Intercom cuts off what is no integer"
                )]
                let spend = spend.ok_or_else(bad)? as i64;
                company.monthly_spend = spend;
            }
            "remote_created_at" => company.remote_created_at = time(name, value)?,
            "custom_attributes" => {
                let written = custom_attributes::checked(directory, Model::Company, Some(value))?;
                custom_attributes::merge(&mut company.custom_attributes, &written);
            }
            "update_last_request_at" => {}
            _ => return Err(bad()),
        }
    }
    company.updated_at = now;
    Ok(())
}

async fn delete(State(intercom): Intercom, Path(id): Path<String>, headers: HeaderMap) -> Response {
    changed(&intercom, &headers, |_, directory, _| {
        by_id(directory, &id)?;
        directory.remove_company(&id);
        Ok(json!({ "id": id, "object": "company", "deleted": true }))
    })
}

async fn of_contact(
    State(intercom): Intercom,
    Path(id): Path<String>,
    Query(asked): Query<Numbered>,
    headers: HeaderMap,
) -> Response {
    let options = intercom.options();
    looked(&intercom, &headers, |workspace, directory| {
        let ids = &known(directory, &id, &headers)?.companies;
        let companies = ids.iter().filter_map(|id| by_id(directory, id).ok());
        let companies: Vec<_> = companies
            .map(|each| json(workspace, directory, each))
            .collect();
        asked.page(companies, "companies", 50, options)
    })
}

async fn attach(
    State(intercom): Intercom,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    changed(&intercom, &headers, |workspace, directory, _| {
        let companies = &known(directory, &id, &headers)?.companies;
        let body = fields(&body)?;
        let Some(company) = body.get("id").and_then(Value::as_str) else {
            return Err(Declined::new(
                400,
                "parameter_not_found",
                "company not specified",
            ));
        };
        by_id(directory, company)?;
        if !companies.iter().any(|each| each == company) && companies.len() >= MAX_COMPANIES {
            let said = "Contact has reached the maximum of 1000 company associations";
            return Err(Declined::new(400, "contact_company_limit_exceeded", said));
        }
        directory.update(&id, |contact| {
            if !contact.companies.iter().any(|each| each == company) {
                contact.companies.push(company.to_owned());
            }
        });
        Ok(json(workspace, directory, by_id(directory, company)?))
    })
}

async fn detach(
    State(intercom): Intercom,
    Path((id, company)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    changed(&intercom, &headers, |workspace, directory, _| {
        known(directory, &id, &headers)?;
        by_id(directory, &company)?;
        directory.update(&id, |contact| {
            contact.companies.retain(|each| *each != company)
        });
        Ok(json(workspace, directory, by_id(directory, &company)?))
    })
}

fn by_id<'a>(directory: &'a Directory, id: &str) -> Result<&'a FakeCompany, Declined> {
    let mut companies = directory.companies().iter();
    companies
        .find(|each| each.id == id)
        .ok_or_else(Declined::no_company)
}

fn json(workspace: &Workspace, directory: &Directory, company: &FakeCompany) -> Value {
    company.json(&workspace.id, directory.people_of(&company.id))
}
