//! What the forms of the pages of sources do.

use identity::SourceId;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use outbox::Resent;
use pages::csrf;
use pages::form::Form;
use pages::html;
use pages::sign_in::SignedIn;
use platform::random;
use serde_json::json;
use store::{SecretText, Source, SourceKind};
use tasks::resending;

use super::choices::Choices;
use super::notice::Notice;
use super::route::{Action, LogQuery, PAGE};
use super::show::{Said, key_name, show};
use crate::context::PageContext;
use crate::error::Error;
use crate::notice::Notice as MainNotice;

/// Longest name of a source, characters.
const MAX_NAME_CHARS: usize = 100;

/// Does what a form asks for, if an admin who is signed in sent it from our page.
pub(super) async fn perform(
    context: &PageContext<'_>,
    action: &Action,
) -> Result<Response<Body>, Error> {
    if context.is_foreign() {
        return Err(Error::Foreign);
    }
    let Some(signed_in) = context.signed_in().await? else {
        return context.sign_in_page(StatusCode::UNAUTHORIZED, Some(MainNotice::SignInEnded));
    };
    let form = Form::parse(context.headers(), context.request.body())?;
    let token = form.get(csrf::FIELD).unwrap_or_default();
    if !csrf::is_token(&context.signer, &signed_in.sign_in, action.purpose(), token) {
        return Err(Error::StaleForm);
    }
    match action {
        Action::Create => create(context, &signed_in, &form).await,
        Action::Settings(id) => save(context, &signed_in, (id, &form)).await,
        Action::Key(id) => replace_key(context, &signed_in, (id, &form)).await,
        Action::Resend(id) => resend(context, &signed_in, (id, &form)).await,
        Action::Delete(id) => delete(context, &signed_in, id).await,
    }
}

/// Makes a source with its key, and shows both.
async fn create(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    form: &Form,
) -> Result<Response<Body>, Error> {
    let id = SourceId::parse(form.get("id").unwrap_or_default()).map_err(|_| Error::StaleForm)?;
    let kind = match form.get("kind") {
        Some("server") => SourceKind::Server,
        Some("browser") => SourceKind::Browser,
        _ => return Err(Error::StaleForm),
    };
    let name = form.get("name").unwrap_or_default();
    if id.is_site() {
        return Err(Error::StaleForm);
    }
    if !(1..=MAX_NAME_CHARS).contains(&name.chars().count()) {
        return Ok(back(None, Notice::NoName));
    }
    let source = Source {
        id,
        name: name.to_owned(),
        kind,
        workspace: Some(signed_in.connection.workspace.clone()),
        settings: json!({}),
        created_at: Some(context.now),
    };
    let sources = context.store.of(&signed_in.connection.organization);
    match sources.sources().create(&source).await {
        Ok(true) => {}
        Ok(false) => return Ok(back(Some(&source.id), Notice::MadeAlready)),
        Err(store::Error::TooManySources { .. }) => {
            return Ok(back(None, Notice::TooManySources));
        }
        Err(error) => return Err(error.into()),
    }
    tracing::info!("source made");
    new_key(context, signed_in, &source.id).await
}

async fn save(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    (id, form): (&SourceId, &Form),
) -> Result<Response<Body>, Error> {
    let store = context.store.of(&signed_in.connection.organization);
    let source = store.sources().get(id).await?.ok_or(Error::NotFound)?;
    match Choices::read(form, &source) {
        Ok(choices) => {
            let changed = store.sources().update(id, choices).await?;
            changed.ok_or(Error::NotFound)?;
            tracing::info!("source changed");
            Ok(back(Some(id), Notice::Saved))
        }
        Err(refused) => {
            let said = Said {
                refused: Some(*refused),
                ..Said::default()
            };
            show(context, signed_in, (id, &LogQuery::default()), said).await
        }
    }
}

/// The form names the key that it replaces, so that one that is sent twice makes one new key.
async fn replace_key(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    (id, form): (&SourceId, &Form),
) -> Result<Response<Body>, Error> {
    let store = context.store.of(&signed_in.connection.organization);
    let source = store.sources().get(id).await?.ok_or(Error::NotFound)?;
    if source.id.is_site() {
        return Err(Error::StaleForm);
    }
    let keys = store.api_keys().list(context.now).await?;
    let mut own = keys.iter().filter(|key| key.source.as_ref() == Some(id));
    let current = own.find(|key| key.expires_at.is_none());
    if form.get("replaces") != Some(key_name(current).as_str()) {
        return Ok(back(Some(id), Notice::KeyReplacedMeanwhile));
    }
    new_key(context, signed_in, id).await
}

/// A new key, shown this once.
async fn new_key(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    id: &SourceId,
) -> Result<Response<Body>, Error> {
    let connection = &signed_in.connection;
    let store = context.store.of(&connection.organization);
    let made = store
        .sources()
        .new_key(id, &connection.preferences, random::bytes()?, context.now);
    let key = match made.await {
        Err(store::Error::TooManyKeys { .. }) => {
            return Ok(back(Some(id), Notice::TooManyKeys));
        }
        made => made?,
    };
    tracing::info!("source key made");
    let said = Said {
        new_key: Some(SecretText::new(key.expose().to_owned())),
        ..Said::default()
    };
    show(context, signed_in, (id, &LogQuery::default()), said).await
}

async fn resend(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    (id, form): (&SourceId, &Form),
) -> Result<Response<Body>, Error> {
    let message_id = form.get("message_id").ok_or(Error::StaleForm)?;
    let state = context.state;
    let resent = resending::send_again::<Error>(
        &state.outbox,
        state.deliver_queue.as_ref(),
        &signed_in.connection.organization,
        message_id,
        context.now,
    );
    let notice = match resent.await? {
        Resent::Waiting(_) => Notice::SentAgain,
        Resent::NotKept | Resent::Unknown => Notice::NothingToSend,
    };
    tracing::info!("an event was asked for once more");
    Ok(back(Some(id), notice))
}

async fn delete(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    id: &SourceId,
) -> Result<Response<Body>, Error> {
    if id.is_site() {
        return Err(Error::StaleForm);
    }
    let store = context.store.of(&signed_in.connection.organization);
    store.sources().delete(id, context.now).await?;
    tracing::info!("source deleted");
    Ok(back(None, Notice::Deleted))
}

/// Redirects to a source's page, or to the list, which then says what happened.
fn back(id: Option<&SourceId>, notice: Notice) -> Response<Body> {
    let word = notice.word();
    html::redirect(&match id {
        Some(id) => format!("{PAGE}/{id}?done={word}"),
        None => format!("{PAGE}?done={word}"),
    })
}
