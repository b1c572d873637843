//! `GET`, `POST /v1/sources`: where tracked events come from.
//! `GET`, `PUT`, `DELETE /v1/sources/{source_id}`: one source, and what is chosen of it.
//! `POST /v1/sources/{source_id}/keys`: another key; those before it go on working for a day.

use identity::{SourceId, WorkspaceId};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use platform::random;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{ApiKey, Grant, KeyLookup, MAX_SOURCES, Source, SourceChoices, SourceKind};
use tracking::SourceSettings;

use api::Error;

use crate::State;

/// Most bytes of a body: the longest lists of names that settings hold.
const MAX_BODY_BYTES: usize = 256 << 10;

/// Longest name, characters: it stands in a list.
const MAX_NAME_CHARS: usize = 100;

#[derive(Serialize)]
struct Listed<'a> {
    data: Vec<PublicSource<'a>>,
    /// All of them stand on one page.
    next_cursor: Option<&'a str>,
}

/// A source, as callers see it.
#[derive(Serialize)]
struct PublicSource<'a> {
    source_id: &'a SourceId,
    name: &'a str,
    kind: SourceKind,
    workspace_id: Option<WorkspaceId>,
    /// All of them, those that nobody chose too.
    settings: SourceSettings,
    created_at: Option<jiff::Timestamp>,
    /// Of a new key alone: it is shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    write_key: Option<&'a str>,
}

#[derive(Serialize)]
struct Deleted<'a> {
    source_id: &'a SourceId,
    deleted: bool,
}

/// What a body says of a source. What is missing stays as it is, or has its default.
#[derive(Deserialize)]
struct Said {
    name: Option<String>,
    kind: Option<SourceKind>,
    workspace_id: Option<String>,
    settings: Option<Value>,
}

pub(crate) async fn list(state: &State, grant: &Grant) -> Result<Response<Body>, Error> {
    let sources = state.store.of(&grant.organization).sources().list().await?;
    let shown = sources.iter().map(|source| shown(grant, source, None));
    let listed = Listed {
        data: shown.collect(),
        next_cursor: None,
    };
    Ok(json(StatusCode::OK, &listed))
}

pub(crate) async fn create(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let said = parse(request.body())?;
    let name = said
        .name
        .ok_or_else(|| ApiError::bad_request("missing_name", NAME_RULE))?;
    let now = state.clock.now();
    let sources = state.store.of(&grant.organization).sources();
    let (id, key_bytes) = match idempotency_key(request)? {
        Some(name) => sources.of_request(name),
        None => (SourceId::from_random(random::bytes()?), random::bytes()?),
    };
    let source = Source {
        id,
        name: name_of(&name)?,
        kind: said.kind.unwrap_or(SourceKind::Server),
        workspace: workspace_of(state, grant, said.workspace_id).await?,
        settings: settings_of(said.settings)?.unwrap_or_else(|| Source::site().settings),
        created_at: Some(now),
    };
    // One that is there was made by this very request, or one before it whose answer was lost.
    let source = match sources.get(&source.id).await? {
        Some(made) => made,
        None => {
            let created = sources.create(&source).await;
            created.map_err(|error| match error {
                store::Error::TooManySources { .. } => too_many_sources(),
                other => other.into(),
            })?;
            tracing::info!("source made");
            source
        }
    };
    let key = ApiKey::of_source(source.id.clone(), key_bytes);
    let is_first = match state.store.look_up_key(key.expose(), now).await? {
        KeyLookup::Good(_) => true,
        _ => {
            let keys = state.store.of(&grant.organization).api_keys();
            let has_another = keys.list(now).await?;
            let has_another = has_another
                .iter()
                .any(|key| key.source.as_ref() == Some(&source.id));
            if !has_another {
                let preferences = grant.preferences();
                let made = sources.new_key(&source.id, &preferences, key_bytes, now);
                made.await?;
            }
            !has_another
        }
    };
    // Whoever has replaced the key since then has seen the answer.
    let shown = shown(grant, &source, is_first.then(|| key.expose()));
    Ok(json(StatusCode::CREATED, &shown))
}

/// Deletes a source; `site` stays as long as the organization.
pub(crate) async fn delete(
    state: &State,
    grant: &Grant,
    id: &SourceId,
) -> Result<Response<Body>, Error> {
    if id.is_site() {
        let message = "The source site is every organization's: it cannot be deleted.";
        return Err(ApiError::new(StatusCode::CONFLICT, "site_stays", message).into());
    }
    let sources = state.store.of(&grant.organization).sources();
    sources.delete(id, state.clock.now()).await?;
    tracing::info!("source deleted");
    Ok(json(
        StatusCode::OK,
        &Deleted {
            source_id: id,
            deleted: true,
        },
    ))
}

/// What a request says that may be repeated after a lost answer: a name of its own.
fn idempotency_key(request: &Request) -> Result<Option<&str>, ApiError> {
    const MAX_BYTES: usize = 255;
    let Some(value) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let text = value.to_str().ok();
    let text = text.filter(|text| (1..=MAX_BYTES).contains(&text.len()));
    text.map(Some).ok_or_else(|| {
        let rule = "An Idempotency-Key has 1 to 255 visible ASCII characters.";
        ApiError::bad_request("bad_idempotency_key", rule)
    })
}

pub(crate) async fn show(
    state: &State,
    grant: &Grant,
    id: &SourceId,
) -> Result<Response<Body>, Error> {
    let source = find(state, grant, id).await?;
    Ok(json(StatusCode::OK, &shown(grant, &source, None)))
}

pub(crate) async fn update(
    state: &State,
    grant: &Grant,
    id: &SourceId,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let said = parse(request.body())?;
    let before = find(state, grant, id).await?;
    if said.kind.is_some_and(|kind| kind != before.kind) {
        let rule = "The kind of a source stays as it is, for its key is public or private: make another source.";
        return Err(ApiError::bad_request("kind_is_fixed", rule).into());
    }
    let choices = SourceChoices {
        name: match said.name {
            Some(name) => name_of(&name)?,
            None => before.name,
        },
        workspace: match said.workspace_id {
            Some(workspace) => workspace_of(state, grant, Some(workspace)).await?,
            None => before.workspace,
        },
        settings: settings_of(said.settings)?.unwrap_or(before.settings),
    };
    let sources = state.store.of(&grant.organization).sources();
    let source = sources
        .update(id, choices)
        .await?
        .ok_or_else(unknown_source)?;
    tracing::info!("source changed");
    Ok(json(StatusCode::OK, &shown(grant, &source, None)))
}

pub(crate) async fn new_key(
    state: &State,
    grant: &Grant,
    id: &SourceId,
) -> Result<Response<Body>, Error> {
    let source = find(state, grant, id).await?;
    if id.is_site() {
        let message = "The key of the source site is the recorder's write key: replace it on the settings page.";
        return Err(ApiError::new(StatusCode::CONFLICT, "write_key", message).into());
    }
    let sources = state.store.of(&grant.organization).sources();
    let now = state.clock.now();
    let preferences = grant.preferences();
    let key = sources.new_key(id, &preferences, random::bytes()?, now);
    let key = key.await.map_err(|error| match error {
        store::Error::TooManyKeys { .. } => too_many_keys(),
        other => other.into(),
    })?;
    tracing::info!("key of a source made");
    let shown = shown(grant, &source, Some(key.expose()));
    Ok(json(StatusCode::CREATED, &shown))
}

async fn find(state: &State, grant: &Grant, id: &SourceId) -> Result<Source, Error> {
    let sources = state.store.of(&grant.organization).sources();
    sources.get(id).await?.ok_or_else(unknown_source)
}

fn shown<'a>(grant: &Grant, source: &'a Source, write_key: Option<&'a str>) -> PublicSource<'a> {
    let workspace = source.workspace.clone();
    PublicSource {
        source_id: &source.id,
        name: &source.name,
        kind: source.kind,
        workspace_id: workspace.or_else(|| grant.organization.first_workspace()),
        // They were parsed when they were chosen; what a later version does not know is not shown.
        settings: SourceSettings::parse(&source.settings).unwrap_or_default(),
        created_at: source.created_at,
        write_key,
    }
}

fn parse(body: &[u8]) -> Result<Said, ApiError> {
    if body.len() > MAX_BODY_BYTES {
        let message = "Send at most 256 KB.";
        return Err(ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload_too_large",
            message,
        ));
    }
    serde_json::from_slice(body).map_err(|_| {
        ApiError::bad_request(
            "malformed_source",
            "Send a JSON object with any of name and workspace_id as strings, kind as \"server\" or \"browser\", and \
             settings as an object.",
        )
    })
}

const NAME_RULE: &str = "A source has a name of 1 to 100 characters.";

fn name_of(text: &str) -> Result<String, ApiError> {
    let name = text.trim();
    let fits = !name.is_empty() && name.chars().count() <= MAX_NAME_CHARS;
    match fits && !name.chars().any(char::is_control) {
        true => Ok(name.to_owned()),
        false => Err(ApiError::bad_request("bad_name", NAME_RULE)),
    }
}

/// A workspace that the organization has connected.
async fn workspace_of(
    state: &State,
    grant: &Grant,
    text: Option<String>,
) -> Result<Option<WorkspaceId>, Error> {
    let Some(text) = text else {
        return Ok(None);
    };
    let unknown = || {
        let message = "The organization has connected no workspace with this id.";
        ApiError::bad_request("unknown_workspace", message)
    };
    let workspace = WorkspaceId::parse(&text).map_err(|_| unknown())?;
    let connection = state.store.connections().get(&workspace).await?;
    match connection {
        Some(connection) if connection.organization == grant.organization => Ok(Some(workspace)),
        _ => Err(unknown().into()),
    }
}

/// Settings as they were sent, once they can be used.
fn settings_of(settings: Option<Value>) -> Result<Option<Value>, ApiError> {
    let parsed = settings.as_ref().map(SourceSettings::parse).transpose();
    let parsed = parsed.map_err(|error| {
        let message = error.to_string();
        ApiError::bad_request("bad_settings", format!("In the settings, {message}."))
    });
    parsed.map(|_| settings)
}

fn unknown_source() -> Error {
    let message = "The organization has no source with this id.";
    ApiError::new(StatusCode::NOT_FOUND, "unknown_source", message).into()
}

fn too_many_sources() -> Error {
    let message = format!("An organization may have {MAX_SOURCES} sources.");
    ApiError::new(StatusCode::CONFLICT, "too_many_sources", message).into()
}

fn too_many_keys() -> Error {
    let message = "Too many replaced keys of this source are still working. They end a day after their replacement.";
    ApiError::new(StatusCode::CONFLICT, "too_many_keys", message).into()
}
