//! Writing to people through Intercom: a reply, or a conversation that begins.
//!
//! Whoever is signed in writes as themselves, and needs a seat in the Inbox. A form is sent at most once: its
//! name is taken before Intercom is called ([`mirror::Sending`]). Whatever Intercom answers, a page says in
//! one sentence what became of it.
//!
//! - `draft`: what a form says
//! - `failure`: what an error of Intercom's means for whoever wrote
//! - `message`: a conversation that begins
//! - `reply`: a reply

mod draft;
mod failure;
pub(crate) mod message;
pub(crate) mod reply;

use intercom::rest;
use jiff::SignedDuration;
use lambda_http::http::StatusCode;
use mirror::{Admin, AsOf, WorkspaceMirror, from_intercom};
use notification::Access;
use pages::csrf;
use pages::form::Form;
use pages::sign_in::SignedIn;
use platform::telemetry::Chain;

use crate::context::PageContext;
use crate::error::Error;
pub(crate) use draft::Draft;
pub(crate) use failure::Failure;

/// What a page shows of a form.
pub(crate) struct FormShown {
    pub(crate) path: String,
    pub(crate) csrf: String,
    /// What it is sent under: the same form is sent once.
    pub(crate) name: String,
    /// As whom; without a seat in the Inbox nobody writes.
    pub(crate) writer: Option<String>,
    pub(crate) draft: Draft,
    /// What became of it.
    pub(crate) notice: Option<Notice>,
}

/// What became of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) text: &'static str,
    /// It was not sent, or perhaps not.
    pub(crate) is_failure: bool,
}

/// What became of what was written.
pub(crate) enum Outcome<T> {
    /// Intercom has it.
    Sent(T),
    /// It was sent before, or may have been.
    Before(mirror::Sending),
    /// Intercom has it not, or perhaps not.
    Failed(Failure),
}

/// Intercom lets nobody write who has no seat.
pub(crate) const NO_SEAT: Notice = Notice {
    text: "Only a teammate with a seat in the Inbox can write, and you have none: nothing was sent.",
    is_failure: true,
};

/// What a page says after a form was sent.
pub(crate) fn notice_of(done: &str) -> Option<Notice> {
    let text = match done {
        "sent" => "Sent.",
        "already" => "It was sent already, and was not sent again.",
        "perhaps" => {
            return Some(Notice {
                text: "It was sent before, and Intercom has not said whether it arrived: look in Intercom before \
                       you write it again.",
                is_failure: true,
            });
        }
        "begun" => "Sent. The conversation is in Intercom.",
        _ => return None,
    };
    Some(Notice {
        text,
        is_failure: false,
    })
}

impl FormShown {
    /// A form for one action at one path.
    pub(crate) fn new(
        context: &PageContext<'_>,
        admin: &SignedIn,
        (action, path): (&str, String),
        admins: &[Admin],
        (draft, notice): (Draft, Option<Notice>),
    ) -> Result<Self, Error> {
        Ok(Self {
            path,
            csrf: csrf::token(&context.signer, &admin.sign_in, action),
            name: context.mirror(admin).name_sending()?,
            writer: writer(admin, admins).map(|admin| admin.name.clone()),
            draft,
            notice,
        })
    }
}

/// Whoever is signed in, if they have a seat in the Inbox.
pub(crate) fn writer<'a>(admin: &SignedIn, admins: &'a [Admin]) -> Option<&'a Admin> {
    let id = &admin.sign_in.admin.admin_id;
    admins
        .iter()
        .find(|each| each.id == *id && each.has_inbox_seat)
}

/// The form, if an admin sent it from our page.
pub(crate) fn checked(
    context: &PageContext<'_>,
    admin: &SignedIn,
    action: &str,
) -> Result<Form, Error> {
    if context.is_foreign() {
        return Err(Error::Foreign);
    }
    let form = Form::parse(context.request.headers(), context.request.body())?;
    let token = form.get(csrf::FIELD).unwrap_or_default();
    match csrf::is_token(&context.signer, &admin.sign_in, action, token) {
        true => Ok(form),
        false => Err(Error::StaleForm),
    }
}

/// Calls Intercom under a form's name, unless that was done before.
pub(crate) async fn send_once<T>(
    context: &PageContext<'_>,
    admin: &SignedIn,
    name: &str,
    call: impl AsyncFnOnce(&rest::Client, &Access) -> Result<T, rest::Error>,
) -> Result<Outcome<T>, Error> {
    let state = context.state;
    let access = Access::of(&admin.connection, &state.store, &state.secrets, context.now);
    let Some(access) = access.await? else {
        return Ok(Outcome::Failed(Failure::NOT_CONNECTED));
    };
    let mirror = context.mirror(admin);
    if let Some(before) = mirror.begin_sending(name, context.now).await? {
        return Ok(Outcome::Before(before));
    }
    match call(&state.intercom, &access).await {
        Ok(said) => Ok(Outcome::Sent(said)),
        Err(error) => {
            tracing::warn!(error = %Chain(&error), "Intercom has not taken what an admin wrote");
            let failure = Failure::of(&error);
            if !failure.is_perhaps_sent {
                mirror.withdraw_sending(name).await?;
            }
            Ok(Outcome::Failed(failure))
        }
    }
}

/// Mirrors a conversation as Intercom has just answered it: the webhook that tells of it later finds the same
/// rows. It was sent whether or not this works.
pub(crate) async fn mirror_now(
    context: &PageContext<'_>,
    admin: &SignedIn,
    mirror: &WorkspaceMirror<'_>,
    said: &intercom::conversation::Conversation,
) -> bool {
    let now = context.now;
    let Ok((conversation, parts)) = from_intercom::conversation(said) else {
        return false;
    };
    let as_of = AsOf::new(conversation.updated_at, now);
    let kept_days = i64::from(admin.connection.preferences.retention_days.get());
    let changed = conversation.updated_at.unwrap_or(now);
    let expires = changed.as_second() + SignedDuration::from_hours(24 * kept_days).as_secs();
    let conversations = mirror.conversations();
    let put = conversations.put((&conversation, &parts), as_of, expires, now);
    match put.await {
        Ok(_) => true,
        Err(error) => {
            tracing::warn!(error = %Chain(&error), "what was sent is not mirrored yet");
            false
        }
    }
}

/// The status of a page that shows a form again.
pub(crate) fn status_of(notice: Option<Notice>) -> StatusCode {
    match notice {
        Some(notice) if notice.is_failure => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    }
}
