//! What the forms of the page do.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use mirror::{Choices, EventNameSet, WorkspaceMirror};
use pages::csrf;
use pages::form::Form;
use pages::html;
use tasks::importing;

use super::{Action, Done, PAGE, forget, ours};
use crate::context::PageContext;
use crate::error::Error;
use crate::notice::Notice;

/// Does what a form asks for, if an admin who is signed in sent it from our page.
pub(super) async fn perform(
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
    if !csrf::is_token(&context.signer, &signed_in.sign_in, action.purpose(), token) {
        return Err(Error::StaleForm);
    }
    let connection = &signed_in.connection;
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    let mirror = context.state.mirror.of(organization, workspace);
    let before = mirror.choices().await.map_err(ours)?;
    let queue = context.state.sync_queue.as_ref();
    match action {
        Action::Choices => {
            let choices = read(&form)?;
            choose(&mirror, &choices).await?;
            if choices.is_anything() {
                importing::ask::<Error>(&context.store, queue, workspace, context.now).await?;
            } else {
                importing::forget(queue, organization, workspace).await?;
            }
            Ok(back(Done::Saved))
        }
        Action::Ignore => {
            let mut names: Vec<String> = before.ignored_events.clone().into();
            names.push(form.get("name").ok_or(Error::StaleForm)?.to_owned());
            let choices = Choices {
                ignored_events: names.into(),
                ..before
            };
            choose(&mirror, &choices).await?;
            Ok(back(Done::Ignored))
        }
        Action::Erase => {
            forget(context, connection).await?;
            Ok(back(Done::Erased))
        }
    }
}

async fn choose(mirror: &WorkspaceMirror<'_>, choices: &Choices) -> Result<(), Error> {
    mirror.choose(choices).await.map_err(ours)?;
    tracing::info!("choices of an import changed");
    Ok(())
}

/// What the form says: a box that is not ticked is not sent.
fn read(form: &Form) -> Result<Choices, Error> {
    let is_ticked = |name| form.get(name).is_some();
    let days = form
        .get("seen_within_days")
        .and_then(|days| days.trim().parse().ok());
    let days: u64 = days.ok_or(Error::StaleForm)?;
    let names = form.get("ignored_events").unwrap_or_default();
    let names: Vec<String> = names.lines().map(str::to_owned).collect();
    Ok(Choices {
        companies_and_users: is_ticked("companies_and_users"),
        conversations: is_ticked("conversations"),
        events: is_ticked("events"),
        ignored_events: EventNameSet::from(names),
        seen_within_days: days.into(),
        write_back: is_ticked("write_back"),
    })
}

fn back(done: Done) -> Response<Body> {
    html::redirect(&format!("{PAGE}?done={}", done.word()))
}
