//! Teammates, tags, segments.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use serde_json::{Value, json};

use super::contacts::known;
use super::looked;
use crate::fake::{FakeAdmin, FakeIntercom, FakeSegment, FakeTag};

pub(super) fn routes() -> Router<FakeIntercom> {
    Router::new()
        .route("/admins", get(admins))
        .route("/tags", get(tags))
        .route("/segments", get(segments))
        .route("/contacts/{id}/tags", get(tags_of_contact))
        .route("/contacts/{id}/segments", get(segments_of_contact))
}

type Intercom = State<FakeIntercom>;

async fn admins(State(intercom): Intercom, headers: HeaderMap) -> Response {
    looked(&intercom, &headers, |workspace, directory| {
        let first = &workspace.admin;
        let first = FakeAdmin {
            email: first.email.clone(),
            ..FakeAdmin::new(&first.id, &first.name, true)
        };
        let others = directory.admins().iter().map(FakeAdmin::json);
        let admins: Vec<Value> = [first.json()].into_iter().chain(others).collect();
        Ok(json!({ "type": "admin.list", "admins": admins }))
    })
}

async fn tags(State(intercom): Intercom, headers: HeaderMap) -> Response {
    looked(&intercom, &headers, |_, directory| {
        let tags = directory.tags().iter().map(FakeTag::json);
        Ok(json!({ "type": "list", "data": tags.collect::<Vec<_>>() }))
    })
}

async fn segments(State(intercom): Intercom, headers: HeaderMap) -> Response {
    looked(&intercom, &headers, |_, directory| {
        let segments = directory.segments().iter().map(FakeSegment::json);
        Ok(json!({ "type": "segment.list", "segments": segments.collect::<Vec<_>>() }))
    })
}

async fn tags_of_contact(
    State(intercom): Intercom,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    looked(&intercom, &headers, |_, directory| {
        let ids = &known(directory, &id, &headers)?.tags;
        let tags = directory.tags().iter().filter(|tag| ids.contains(&tag.id));
        Ok(json!({ "type": "list", "data": tags.map(FakeTag::json).collect::<Vec<_>>() }))
    })
}

async fn segments_of_contact(
    State(intercom): Intercom,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    looked(&intercom, &headers, |_, directory| {
        let ids = &known(directory, &id, &headers)?.segments;
        let all = directory.segments().iter();
        let segments = all.filter(|segment| ids.contains(&segment.id));
        Ok(json!({ "type": "list", "data": segments.map(FakeSegment::json).collect::<Vec<_>>() }))
    })
}
