//! `POST /conversations/{id}/reply`: an admin answers.

use intercom::rest::{ReplyKind, ReplyWrite};
use lambda_http::{Body, Response};
use pages::html;
use pages::sign_in::SignedIn;

use super::{Draft, Notice, Outcome, checked, draft, mirror_now, send_once, writer};
use crate::context::PageContext;
use crate::conversation;
use crate::error::{Error, Thing};
use crate::view::words::escaped;

/// What tokens of the form are for.
pub(crate) const ACTION: &str = "reply";

/// Sends the reply, and shows the conversation with it; or says why it was not sent.
pub(crate) async fn send(
    context: &PageContext<'_>,
    admin: &SignedIn,
    id: &str,
) -> Result<Response<Body>, Error> {
    let form = checked(context, admin, ACTION)?;
    let name = draft::name_of(&form).ok_or(Error::StaleForm)?;
    let mirror = context.mirror(admin);
    let there = mirror.conversations().get(id, context.now).await?;
    there.ok_or(Error::NotFound(Thing::Conversation))?;
    let draft = Draft::read(&form);
    let admins = mirror.vocabulary().admins(context.now).await?;
    let write = match written(&draft, writer(admin, &admins)) {
        Ok(write) => write,
        Err(notice) => return again(context, admin, id, (draft, notice)).await,
    };
    let sent = send_once(context, admin, name, async |intercom, access| {
        intercom
            .reply(access.region, &access.token, id, &write)
            .await
    });
    let done = match sent.await? {
        Outcome::Sent(said) => {
            mirror_now(context, admin, &mirror, &said.value).await;
            mirror.end_sending(name, Some(id), context.now).await?;
            "sent"
        }
        Outcome::Before(before) if before.is_sent => "already",
        Outcome::Before(_) => "perhaps",
        Outcome::Failed(failure) => {
            return again(context, admin, id, (draft, failure.notice())).await;
        }
    };
    let place = format!("/conversations/{}?done={done}#reply", escaped(id));
    Ok(html::redirect(&place))
}

/// The page with what could not be sent. Boxed: what is sent needs not its room.
async fn again(
    context: &PageContext<'_>,
    admin: &SignedIn,
    id: &str,
    (draft, notice): (Draft, Notice),
) -> Result<Response<Body>, Error> {
    Box::pin(conversation::page(
        context,
        admin,
        id,
        (draft, Some(notice)),
    ))
    .await
}

fn written(draft: &Draft, writer: Option<&mirror::Admin>) -> Result<ReplyWrite, Notice> {
    let writer = writer.ok_or(super::NO_SEAT)?;
    Ok(ReplyWrite {
        kind: ReplyKind::Comment,
        admin_id: writer.id.clone(),
        body: draft.html()?,
        attachment_urls: draft.files()?,
    })
}
