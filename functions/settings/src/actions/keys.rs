//! Makes or replaces a key.

use lambda_http::{Body, Response};
use pages::form::Form;
use pages::sign_in::SignedIn;
use platform::random;
use store::{ApiKey, KEY_OVERLAP, KeyScope, SecretText};

use crate::context::PageContext;
use crate::error::Error;
use crate::notice::Notice;
use crate::page::{self, Flash};
use crate::view::key_name;

/// The form names the key that it replaces, so that one that is sent twice makes one new key.
pub(super) async fn replace(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    form: &Form,
) -> Result<Response<Body>, Error> {
    let scope = match form.get("scope") {
        Some("write") => KeyScope::Write,
        Some("secret") => KeyScope::Secret,
        _ => return Err(Error::StaleForm),
    };
    let connection = &signed_in.connection;
    let keys = context
        .store
        .of(&connection.organization)
        .api_keys()
        .list(context.now)
        .await?;
    let named = form.get("replaces").unwrap_or_default();
    if named != key_name(&keys, scope) {
        return Ok(context.back(Some(Notice::KeyReplacedMeanwhile)));
    }
    let key = ApiKey::from_random(scope, random::bytes()?);
    let rotation = context
        .store
        .of(&connection.organization)
        .api_keys()
        .rotate(&connection.preferences, &key, KEY_OVERLAP, context.now);
    match rotation.await {
        Err(store::Error::TooManyKeys { .. }) => return Ok(context.back(Some(Notice::TooManyKeys))),
        rotated => rotated?,
    }
    tracing::info!(key.scope = ?scope, "key replaced");
    if scope == KeyScope::Write {
        return Ok(context.back(Some(Notice::WriteKeyReplaced)));
    }
    let flash = Flash {
        new_secret_key: Some(SecretText::new(key.expose().to_owned())),
        ..Flash::default()
    };
    page::draw(context, signed_in, flash).await
}
