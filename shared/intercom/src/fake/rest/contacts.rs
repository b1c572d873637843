//! Contacts: made, changed, put away, deleted, merged.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::HeaderMap;
use serde_json::{Value, json};

use super::contact_write::{Written, in_the_way};
use super::declined::Declined;
use super::search::Pagination;
use super::{changed, fields, looked, second};
use crate::fake::{
    Change, Directory, FakeContact, FakeIntercom, Refused, Role, Standing, Workspace, model,
};

pub(super) fn routes() -> Router<FakeIntercom> {
    Router::new()
        .route("/contacts", get(list).post(create))
        .route("/contacts/merge", post(merge))
        .route("/contacts/{id}", get(read).put(update).delete(delete))
        .route("/contacts/find_by_external_id/{id}", get(find))
        .route("/contacts/{id}/archive", post(archive))
        .route("/contacts/{id}/unarchive", post(unarchive))
}

type Intercom = State<FakeIntercom>;

async fn read(State(intercom): Intercom, Path(id): Path<String>, headers: HeaderMap) -> Response {
    looked(&intercom, &headers, |workspace, directory| {
        let contact = known(directory, &id, &headers)?;
        Ok(model::contact(&workspace.id, contact, second))
    })
}

/// All who are not put away, in the order of their ids.
async fn list(
    State(intercom): Intercom,
    Query(asked): Query<Pagination>,
    headers: HeaderMap,
) -> Response {
    let largest = intercom.options().largest_page;
    looked(&intercom, &headers, |workspace, directory| {
        let all = directory.contacts().into_iter();
        let present = all.filter(|contact| contact.standing == Standing::Present);
        let all = present.map(|contact| model::contact(&workspace.id, contact, second));
        let page = asked.page(all.collect(), "data", largest);
        page.map_err(|invalid| Declined::invalid(invalid.0))
    })
}

/// Users alone, and at once.
async fn find(State(intercom): Intercom, Path(id): Path<String>, headers: HeaderMap) -> Response {
    looked(&intercom, &headers, |workspace, directory| {
        let users = directory
            .every_contact()
            .filter(|contact| contact.role == Role::User);
        let mut present = users.filter(|contact| contact.standing == Standing::Present);
        let contact = present.find(|contact| contact.external_id.as_deref() == Some(&id));
        let contact = contact.ok_or_else(Declined::no_contact)?;
        Ok(model::contact(&workspace.id, contact, second))
    })
}

async fn create(State(intercom): Intercom, headers: HeaderMap, body: Bytes) -> Response {
    let options = intercom.options();
    changed(&intercom, &headers, |workspace, directory, now| {
        let written = Written::read(directory, &fields(&body)?)?;
        if written.role.is_none() && written.external_id.is_none() && written.email.is_none() {
            let said = "email, external_id or role is required";
            return Err(Declined::new(400, "parameter_not_found", said));
        }
        let role = written.role.unwrap_or(Role::User);
        let mut contact = FakeContact::new(String::new(), role, now);
        written.apply(&mut contact, now);
        if role == Role::User && contact.external_id.is_none() && contact.email.is_none() {
            let said = "a user has an email or an external_id";
            return Err(Declined::new(400, "parameter_not_found", said));
        }
        in_the_way(directory, options, &contact, now)?;
        contact.id = directory.next_id(now);
        if role == Role::Lead {
            contact.external_id = Some(visitor_id(&contact.id));
        }
        let answer = model::contact(&workspace.id, &contact, second);
        directory.add_contact(contact);
        Ok(answer)
    })
}

async fn update(
    State(intercom): Intercom,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let options = intercom.options();
    changed(&intercom, &headers, |workspace, directory, now| {
        let written = Written::read(directory, &fields(&body)?)?;
        let mut contact = known(directory, &id, &headers)?.clone();
        if contact.standing == Standing::Archived {
            return Err(Declined::no_contact());
        }
        if contact.role == Role::User && written.role == Some(Role::Lead) {
            let said = "Contact with user role can't be converted to a lead";
            return Err(Declined::new(400, "client_error", said));
        }
        written.apply(&mut contact, now);
        in_the_way(directory, options, &contact, now)?;
        directory.update(&id, |each| written.apply(each, now));
        Ok(model::contact(&workspace.id, &contact, second))
    })
}

async fn archive(
    State(intercom): Intercom,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    change(intercom, headers, &id, Change::Archive)
}

async fn unarchive(
    State(intercom): Intercom,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    change(intercom, headers, &id, Change::Unarchive)
}

async fn delete(State(intercom): Intercom, Path(id): Path<String>, headers: HeaderMap) -> Response {
    change(intercom, headers, &id, Change::Delete)
}

/// Does it, and answers with a reference.
fn change(intercom: FakeIntercom, headers: HeaderMap, id: &str, change: Change) -> Response {
    let takes = intercom.options().deletion_takes;
    changed(&intercom, &headers, |workspace, directory, now| {
        let contact = directory.contact(id);
        if contact.is_some_and(|contact| contact.is_being_deleted(takes, now)) {
            let said = "User has been marked for permanent deletion and is not restorable.";
            return Err(Declined::new(400, "bad_request", said));
        }
        let contact = known(directory, id, &headers)?;
        let mut answer = json!({ "type": "contact", "id": id, "external_id": contact.external_id });
        let (name, holds) = match change {
            Change::Delete => ("deleted", true),
            Change::Archive => ("archived", true),
            _ => ("archived", false),
        };
        answer[name] = json!(holds);
        let done = change.apply(&workspace.id, directory, id, now);
        done.map_err(|_| Declined::no_contact())?;
        Ok(answer)
    })
}

async fn merge(State(intercom): Intercom, headers: HeaderMap, body: Bytes) -> Response {
    changed(&intercom, &headers, |workspace, directory, now| {
        let asked = fields(&body)?;
        let id = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default();
        let (from, into) = (id("from").to_owned(), id("into").to_owned());
        known(directory, &from, &headers)?;
        let done = Change::MergeInto(into.clone()).apply(&workspace.id, directory, &from, now);
        done.map_err(|refused| match refused {
            Refused::Gone => Declined::no_contact(),
            other => Declined::invalid(other.to_string()),
        })?;
        merged(workspace, directory, &into)
    })
}

fn merged(workspace: &Workspace, directory: &Directory, into: &str) -> Result<Value, Declined> {
    let contact = directory.contact(into).ok_or_else(Declined::no_contact)?;
    Ok(model::contact(&workspace.id, contact, second))
}

/// The contact with this id, archived or not.
pub(super) fn known<'a>(
    directory: &'a Directory,
    id: &str,
    headers: &HeaderMap,
) -> Result<&'a FakeContact, Declined> {
    let known = directory.contact(id);
    let known = known.filter(|contact| contact.standing != Standing::Deleted);
    known.ok_or_else(|| match directory.merged_into(id) {
        Some(into) if tells_of_merges(headers) => Declined::merged(into),
        _ => Declined::no_contact(),
    })
}

/// Whether the version that was asked for answers 410 where a contact was merged: from 2.16 on.
fn tells_of_merges(headers: &HeaderMap) -> bool {
    minor_version(headers).is_some_and(|minor| minor >= 16)
}

/// The version of the API that was asked for, of those that begin with 2.
pub(super) fn minor_version(headers: &HeaderMap) -> Option<u32> {
    let version = headers
        .get("intercom-version")
        .and_then(|it| it.to_str().ok());
    version.and_then(|version| version.strip_prefix("2.")?.parse().ok())
}

/// What Intercom calls a lead: a UUID.
fn visitor_id(id: &str) -> String {
    let padded = format!("{id:0>32}");
    let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    parts
        .map(|(from, to)| padded.get(from..to).unwrap_or_default())
        .join("-")
}
