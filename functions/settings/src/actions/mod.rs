//! What the page's forms do.

mod disconnect;
mod identity;
mod keys;
mod parked;
mod preferences;
mod share_links;
mod sign_out;

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::csrf;
use pages::form::Form;

use crate::context::PageContext;
use crate::error::Error;
use crate::handover;
use crate::notice::Notice;
use crate::route::Action;

/// Does what a form asks for, if an admin who is signed in sent it from our page.
pub(crate) async fn perform(
    context: &PageContext<'_>,
    action: Action,
) -> Result<Response<Body>, Error> {
    if context.is_foreign() {
        return Err(Error::Foreign);
    }
    let Some(signed_in) = context.signed_in().await? else {
        return context.sign_in_page(StatusCode::UNAUTHORIZED, Some(Notice::SignInEnded));
    };
    let form = Form::parse(context.headers(), context.request.body())?;
    let token = form.get(csrf::FIELD).unwrap_or_default();
    if !csrf::is_token(&context.signer, &signed_in.sign_in, action.name(), token) {
        return Err(Error::StaleForm);
    }
    match action {
        Action::Disconnect => disconnect::disconnect(context, &signed_in).await,
        Action::Reconnect => context.authorize(),
        Action::Preferences => preferences::save(context, &signed_in, &form).await,
        Action::Keys => keys::replace(context, &signed_in, &form).await,
        Action::Identity => identity::change(context, &signed_in, &form).await,
        Action::Parked => parked::send_again(context, &signed_in, &form).await,
        Action::ShareLinks => share_links::revoke(context, &signed_in, &form).await,
        Action::Switch => handover::switch(context, &form).await,
        Action::SignOut => sign_out::sign_out(context, &signed_in, &form).await,
    }
}
