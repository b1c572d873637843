//! What an error of Intercom's means for whoever wrote: one sentence, and whether it may have been sent.

use intercom::rest::{Advice, Detail, Error};

use super::Notice;

/// Why what was written is not at Intercom, or perhaps not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) text: &'static str,
    /// Nobody knows: it is not sent again by itself.
    pub(crate) is_perhaps_sent: bool,
}

impl Failure {
    /// There is nothing to call Intercom with.
    pub(crate) const NOT_CONNECTED: Self = Self::not_sent(
        "This workspace is not connected in a way that lets us write: connect it in the settings. Nothing was sent.",
    );

    const fn not_sent(text: &'static str) -> Self {
        Self {
            text,
            is_perhaps_sent: false,
        }
    }

    const fn perhaps(text: &'static str) -> Self {
        Self {
            text,
            is_perhaps_sent: true,
        }
    }

    pub(crate) fn of(error: &Error) -> Self {
        match error {
            Error::Refused { refusal, .. } => refused(error, refusal),
            Error::Unreachable {
                never_sent: true, ..
            } => Self::not_sent(
                "Intercom could not be reached, and nothing was sent: try again in a minute.",
            ),
            Error::Unsendable { .. } => Self::not_sent("This cannot be sent to Intercom."),
            Error::Unreachable { .. } | Error::TimedOut { .. } | Error::Unreadable { .. } => {
                Self::perhaps(
                    "Intercom has not said whether it arrived: look in Intercom before you write it again.",
                )
            }
        }
    }

    pub(crate) fn notice(self) -> Notice {
        Notice {
            text: self.text,
            is_failure: true,
        }
    }
}

fn refused(error: &Error, refusal: &intercom::rest::Refusal) -> Failure {
    let status = refusal.status.as_u16();
    let code = refusal.code.as_deref().unwrap_or_default();
    if status >= 500 {
        return Failure::perhaps(
            "Intercom failed and has not said whether it arrived: look in Intercom before you write it again.",
        );
    }
    let text = match (&refusal.detail, error.advice()) {
        (_, Advice::Reconnect) => {
            "Intercom no longer accepts our access: connect the workspace again in the settings. Nothing was sent."
        }
        (_, Advice::RetryLater { .. }) => {
            "Intercom takes no more calls at the moment, and nothing was sent: try again in ten seconds."
        }
        (Some(Detail::Plan), _) => "Your plan at Intercom does not include this: nothing was sent.",
        (Some(Detail::IpAllowlist), _) => {
            "Your workspace lets only chosen addresses use its API, and ours is not among them: nothing was sent."
        }
        _ if code == "action_forbidden" => {
            "Intercom forbids it: you have no seat in the Inbox, or the person wants no e-mails. Nothing was sent."
        }
        (Some(Detail::Scope), _) => {
            "The app lacks the permission to write conversations in Intercom: nothing was sent."
        }
        _ if code == "admin_not_found" => {
            "Intercom does not know you as a teammate any more: nothing was sent."
        }
        (Some(Detail::Merged { .. }), _) => {
            "This person is part of another one in Intercom now: nothing was sent."
        }
        _ if status == 404 || status == 410 => {
            "It is not there any more in Intercom: nothing was sent."
        }
        _ => "Intercom does not take this: nothing was sent.",
    };
    Failure::not_sent(text)
}
