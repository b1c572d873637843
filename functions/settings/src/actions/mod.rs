//! What the page's forms do.

mod disconnect;
mod keys;
mod parked;
mod preferences;
mod share_links;
mod sign_out;

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::csrf;
use pages::form::Form;
use pages::html;

use crate::error::Error;
use crate::notice::Notice;
use crate::route::Action;
use crate::visit::Desk;

/// Does what a form asks for, if an admin who is signed in sent it from our page.
pub(crate) async fn perform(desk: &Desk<'_>, action: Action) -> Result<Response<Body>, Error> {
    if desk.is_foreign() {
        return Err(Error::Foreign);
    }
    let Some(visit) = desk.visit().await? else {
        return desk.sign_in(StatusCode::UNAUTHORIZED, Some(Notice::SignInEnded));
    };
    let form = Form::parse(desk.headers(), desk.request.body())?;
    let token = form.get(csrf::FIELD).unwrap_or_default();
    if !csrf::is_token(&desk.signer, &visit.sign_in, action.name(), token) {
        return Err(Error::StaleForm);
    }
    match action {
        Action::Disconnect => disconnect::disconnect(desk, &visit).await,
        Action::Reconnect => Ok(html::redirect(&desk.sign_in_address()?)),
        Action::Preferences => preferences::save(desk, &visit, &form).await,
        Action::Keys => keys::replace(desk, &visit, &form).await,
        Action::Parked => parked::send_again(desk, &visit, &form).await,
        Action::ShareLinks => share_links::revoke(desk, &visit, &form).await,
        Action::SignOut => sign_out::sign_out(desk, &visit, &form).await,
    }
}
