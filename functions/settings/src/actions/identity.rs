//! What visitors' names are signed with: secrets of the Messenger, a key of ours, and whether they must
//! be.

use lambda_http::{Body, Response};
use pages::form::Form;
use pages::sign_in::SignedIn;
use platform::random;
use store::{
    IdentityVerification, KeyReplacement, MessengerPlatform, NewMessengerSecret, Preferences,
};

use crate::context::PageContext;
use crate::error::Error;
use crate::notice::Notice;

/// The one of the section's forms that was sent.
pub(super) async fn change(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    form: &Form,
) -> Result<Response<Body>, Error> {
    let organization = &signed_in.connection.organization;
    let verification = context.store.of(organization).identity_verification();
    let notice = match form.get("change") {
        Some("add") => add(context, verification, form).await?,
        Some("remove") => {
            let id = form.get("id").ok_or(Error::StaleForm)?;
            verification.remove(id).await?;
            tracing::info!("identity secret removed");
            Notice::IdentitySecretRemoved
        }
        Some("replace-key") => replace_key(context, verification, form).await?,
        Some("require") => require(context, signed_in, form).await?,
        _ => return Err(Error::StaleForm),
    };
    Ok(context.back(Some(notice)))
}

async fn add(
    context: &PageContext<'_>,
    verification: IdentityVerification<'_>,
    form: &Form,
) -> Result<Notice, Error> {
    let platform = form.get("platform").and_then(MessengerPlatform::from_name);
    let platform = platform.ok_or(Error::StaleForm)?;
    let pasted = form.get("secret").unwrap_or_default();
    let Some(new) = NewMessengerSecret::parse(platform, pasted) else {
        return Ok(Notice::NoIdentitySecret);
    };
    match verification.add(&new, random::bytes()?, context.now).await {
        Err(store::Error::TooManyKeys { .. }) => Ok(Notice::TooManyIdentitySecrets),
        added => {
            added?;
            tracing::info!(platform = platform.as_str(), "identity secret added");
            Ok(Notice::IdentitySecretAdded)
        }
    }
}

/// The form names the key that it replaces, so that one that is sent twice makes one new key; without a
/// name it makes the first one.
async fn replace_key(
    context: &PageContext<'_>,
    verification: IdentityVerification<'_>,
    form: &Form,
) -> Result<Notice, Error> {
    let (bytes, now) = (random::bytes()?, context.now);
    let replaced = form.get("replaces").unwrap_or_default();
    if replaced.is_empty() {
        verification.with_key(bytes, now).await?;
        return Ok(Notice::IdentityKeyMade);
    }
    match verification.replace_key(replaced, bytes, now).await {
        Err(store::Error::TooManyKeys { .. }) => Ok(Notice::TooManyKeys),
        replacement => Ok(match replacement? {
            KeyReplacement::Done => {
                tracing::info!("identity key replaced");
                Notice::IdentityKeyMade
            }
            KeyReplacement::Outrun => Notice::KeyReplacedMeanwhile,
        }),
    }
}

async fn require(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    form: &Form,
) -> Result<Notice, Error> {
    let connection = &signed_in.connection;
    let preferences = Preferences {
        require_signatures: form.is_checked("require_signatures"),
        ..connection.preferences.clone()
    };
    context
        .store
        .connections()
        .update_preferences(connection, &preferences)
        .await?;
    tracing::info!("preferences saved");
    Ok(Notice::PreferencesSaved)
}
