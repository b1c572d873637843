//! `GET`, `POST /companies/{id}/people/{contact}/message`: an admin begins a conversation with somebody of a
//! company.

use intercom::rest::{ContactRole, MessageChannel, MessageWrite};
use lambda_http::{Body, Response};
use mirror::{Admin, Company, Contact, WorkspaceMirror};
use pages::html::{self, Page};
use pages::navigation::Section;
use pages::sign_in::SignedIn;

use super::{
    Draft, FormShown, NO_SEAT, Notice, Outcome, checked, draft, mirror_now, notice_of, send_once,
    status_of, writer,
};
use crate::context::PageContext;
use crate::error::{Error, Thing};
use crate::view::words::escaped;
use crate::view::{ACCOUNT_STYLES, MessagePage, STYLES};

/// What tokens of the form are for.
const ACTION: &str = "message";

/// To whom, and who they are.
struct To {
    company: Company,
    contact: Contact,
    admins: Vec<Admin>,
}

/// The form.
pub(crate) async fn show(
    context: &PageContext<'_>,
    admin: &SignedIn,
    whom: (&str, &str),
) -> Result<Response<Body>, Error> {
    let to = find(context, admin, whom).await?;
    let notice = notice_of(&context.parameter("done"));
    page(context, admin, &to, (Draft::default(), notice))
}

/// Sends it, and shows the conversation that it begins; or says why it was not sent.
pub(crate) async fn send(
    context: &PageContext<'_>,
    admin: &SignedIn,
    whom: (&str, &str),
) -> Result<Response<Body>, Error> {
    let form = checked(context, admin, ACTION)?;
    let name = draft::name_of(&form).ok_or(Error::StaleForm)?;
    let to = find(context, admin, whom).await?;
    let draft = Draft::read(&form);
    let write = match written(&draft, &to.contact, writer(admin, &to.admins)) {
        Ok(write) => write,
        Err(notice) => return page(context, admin, &to, (draft, Some(notice))),
    };
    let sent = send_once(context, admin, name, async |intercom, access| {
        let sent = intercom
            .send_message(access.region, &access.token, &write)
            .await?;
        let Some(id) = sent.value.conversation_id else {
            return Ok((None, None));
        };
        // It is sent: that it cannot be read yet is no failure.
        let read = intercom
            .conversation(access.region, &access.token, &id)
            .await;
        let read = read.ok().and_then(|read| read.value);
        Ok((Some(id), read))
    });
    let mirror = context.mirror(admin);
    match sent.await? {
        Outcome::Sent((id, read)) => {
            let is_shown = match &read {
                Some(read) if mirror.choices().await?.conversations => {
                    mirror_now(context, admin, &mirror, read).await
                }
                _ => false,
            };
            let shown = id.as_deref().filter(|_| is_shown);
            mirror.end_sending(name, shown, context.now).await?;
            Ok(follow(whom, shown, ("sent", "begun")))
        }
        Outcome::Before(before) => {
            let done = if before.is_sent { "already" } else { "perhaps" };
            Ok(follow(whom, before.conversation.as_deref(), (done, done)))
        }
        Outcome::Failed(failure) => page(context, admin, &to, (draft, Some(failure.notice()))),
    }
}

/// To the conversation, or back to the form where it is not imported.
fn follow(
    (company, contact): (&str, &str),
    conversation: Option<&str>,
    (there, here): (&str, &str),
) -> Response<Body> {
    html::redirect(&match conversation {
        Some(id) => format!("/conversations/{}?done={there}#reply", escaped(id)),
        None => format!("{}?done={here}", path(company, contact)),
    })
}

pub(crate) fn path(company: &str, contact: &str) -> String {
    let (company, contact) = (escaped(company), escaped(contact));
    format!("/companies/{company}/people/{contact}/message")
}

async fn find(
    context: &PageContext<'_>,
    admin: &SignedIn,
    (company, contact): (&str, &str),
) -> Result<To, Error> {
    let now = context.now;
    let mirror: WorkspaceMirror<'_> = context.mirror(admin);
    let belongs = mirror.memberships().is_member((contact, company), now);
    if !belongs.await? {
        return Err(Error::NotFound(Thing::Person));
    }
    let found = mirror.companies().get(company, now).await?;
    let company = found.ok_or(Error::NotFound(Thing::Company))?;
    let found = mirror.contacts().get(contact, now).await?;
    Ok(To {
        company,
        contact: found.ok_or(Error::NotFound(Thing::Person))?,
        admins: mirror.vocabulary().admins(now).await?,
    })
}

fn page(
    context: &PageContext<'_>,
    admin: &SignedIn,
    to: &To,
    (draft, notice): (Draft, Option<Notice>),
) -> Result<Response<Body>, Error> {
    let path = path(&to.company.id, &to.contact.id);
    let form = FormShown::new(context, admin, (ACTION, path), &to.admins, (draft, notice))?;
    let page = MessagePage::new(&to.company, &to.contact, form);
    let response = Page::new(status_of(notice), "Write")
        .navigation(context.navigation_below(admin, Section::Companies))
        .styles(STYLES)
        .styles(ACCOUNT_STYLES);
    Ok(response.response(&page))
}

fn written(
    draft: &Draft,
    contact: &Contact,
    writer: Option<&Admin>,
) -> Result<MessageWrite, Notice> {
    let no_emails = |text| Notice {
        text,
        is_failure: true,
    };
    let writer = writer.ok_or(NO_SEAT)?;
    let channel = match draft.is_email {
        false => MessageChannel::InApp,
        true if contact.email.is_none() => {
            return Err(no_emails(
                "No e-mail address is known of them: nothing was sent.",
            ));
        }
        true if contact.unsubscribed_from_emails => {
            return Err(no_emails("They want no e-mails: nothing was sent."));
        }
        true if contact.has_hard_bounced || contact.marked_email_as_spam => {
            return Err(no_emails(
                "E-mails do not reach them: one has bounced, or was called spam. Nothing was sent.",
            ));
        }
        true => MessageChannel::Email {
            subject: draft.subject()?.to_owned(),
        },
    };
    Ok(MessageWrite {
        channel,
        admin_id: writer.id.clone(),
        contact: contact.id.clone(),
        role: match contact.is_user {
            true => ContactRole::User,
            false => ContactRole::Lead,
        },
        body: draft.html()?,
    })
}
