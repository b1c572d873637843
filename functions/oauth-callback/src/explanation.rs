//! What an admin reads of a failure.

use intercom::rest::{self, Advice};

use crate::failure::Failure;

/// A failure in an admin's words. Holds nothing from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Explanation {
    /// What happened, as a heading.
    pub(crate) heading: &'static str,
    /// What that means.
    pub(crate) meaning: &'static str,
    /// What to do about it.
    pub(crate) remedy: &'static str,
}

impl Failure {
    /// What the admin reads.
    pub(crate) fn explanation(&self) -> Explanation {
        match self {
            Self::NotOurs => Explanation {
                heading: "This sign-in did not begin here",
                meaning: "It was begun in another browser, or more than ten minutes ago, or somebody else sent you the \
                          link.",
                remedy: "Begin again, and stay in this browser. Cookies have to be allowed.",
            },
            Self::Declined => Explanation {
                heading: "Access declined",
                meaning: "Recapt was not connected, and nothing was stored.",
                remedy: "If that was a mistake, try again and choose Allow. You need the permission to install apps.",
            },
            Self::Replayed => Explanation {
                heading: "This sign-in has been used already",
                meaning: "Each can be used once. Perhaps the page was reloaded; the first time may well have worked.",
                remedy: "Look at the settings, or sign in once more.",
            },
            Self::Exchange(error) if error.advice() == Advice::Reconnect => Explanation {
                heading: "Intercom did not accept the authorization",
                meaning: "It is good once, and for a few minutes. Nothing was stored.",
                remedy: "Try again. If it stays like this, the app's credentials in our configuration are wrong: tell \
                         whoever runs Recapt.",
            },
            Self::Exchange(rest::Error::TimedOut { .. })
            | Self::Me(rest::Error::TimedOut { .. }) => Explanation {
                heading: "Intercom did not answer in time",
                meaning: "We have waited, and given up. Nothing was stored.",
                remedy: "Try again in a minute. status.intercom.com says whether Intercom has an outage.",
            },
            Self::Exchange(_) | Self::Me(_) => Explanation {
                heading: "Intercom did not answer as expected",
                meaning: "It cannot be reached, is overloaded, or answers with an error. Nothing was stored.",
                remedy: "Try again in a minute. status.intercom.com says whether Intercom has an outage.",
            },
            Self::UnverifiedEmail => Explanation {
                heading: "Your e-mail address is not verified",
                meaning: "Intercom does not know whether the address of your account is yours, and so we cannot either.",
                remedy: "Verify it in Intercom (your account's settings), then try again.",
            },
            Self::NoWorkspace => Explanation {
                heading: "Intercom did not name your workspace",
                meaning: "Without it we cannot tell what to connect.",
                remedy: "Try again. If it stays like this, ask Intercom's support why /me holds no app.",
            },
            Self::Secrets(_) | Self::App(_) => Explanation {
                heading: "Recapt is not set up yet",
                meaning: "The credentials of the Intercom app are missing in our configuration.",
                remedy: "Tell whoever runs Recapt: `make secret` writes them.",
            },
            Self::Store(_) | Self::Sign(_) | Self::Cookie(_) | Self::NoEntropy(_) => Explanation {
                heading: "Something failed on our side",
                meaning: "The connection could not be stored. We have a record of it.",
                remedy: "Try again in a minute.",
            },
        }
    }
}

impl Explanation {
    /// For Intercom's App Store, which shows a text.
    pub(crate) fn in_a_sentence(self) -> String {
        format!("{}. {} {}", self.heading, self.meaning, self.remedy)
    }
}
