//! How an installation is.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::HttpsUrl;
use crate::canvas::Line;

/// The answer to a health check; what `rest::Client::push_health` sends as well.
///
/// Of a workspace that is unhealthy Intercom tells the admins by e-mail, and shows the message in its App
/// Store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It works.
    Ok,
    /// It does not, and an admin can do something about it.
    Unhealthy(Problem),
    /// We cannot tell.
    Unknown,
}

/// What is wrong with an installation. There is none without a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    message: Line,
    remedy: Option<Remedy>,
}

/// The button below the message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Remedy {
    Link { label: Line, url: HttpsUrl },
    Reinstall,
}

/// Longest message, characters, that Intercom takes.
const MAX_MESSAGE_CHARS: usize = 2_084;
const _: () = assert!(Line::MAX_CHARS <= MAX_MESSAGE_CHARS);

impl Problem {
    /// Says in a sentence what is wrong and what to do; a [`Line`] is never empty and never too long.
    #[must_use]
    pub fn new(message: impl Into<Line>) -> Self {
        Self {
            message: message.into(),
            remedy: None,
        }
    }

    /// With a button that opens a page of ours.
    #[must_use]
    pub fn link(mut self, label: impl Into<Line>, url: HttpsUrl) -> Self {
        let label = label.into();
        self.remedy = Some(Remedy::Link { label, url });
        self
    }

    /// With a button that installs the app again.
    #[must_use]
    pub fn reinstall(mut self) -> Self {
        self.remedy = Some(Remedy::Reinstall);
        self
    }
}

impl Serialize for Health {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_map(None)?;
        match self {
            Self::Ok => body.serialize_entry("state", "OK")?,
            Self::Unknown => body.serialize_entry("state", "UNKNOWN")?,
            Self::Unhealthy(problem) => {
                body.serialize_entry("state", "UNHEALTHY")?;
                body.serialize_entry("message", &problem.message)?;
                match &problem.remedy {
                    Some(Remedy::Link { label, url }) => {
                        body.serialize_entry("cta_type", "URL_CTA")?;
                        body.serialize_entry("cta_label", label)?;
                        body.serialize_entry("cta_url", url)?;
                    }
                    Some(Remedy::Reinstall) => body.serialize_entry("cta_type", "REINSTALL_CTA")?,
                    None => {}
                }
            }
        }
        body.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_state_is_written_as_intercom_reads_it() {
        let url = HttpsUrl::parse("https://example.com/settings").unwrap();
        let problem = Problem::new("Reconnect your workspace.");
        let cases = [
            (Health::Ok, json!({ "state": "OK" })),
            (Health::Unknown, json!({ "state": "UNKNOWN" })),
            (
                Health::Unhealthy(problem.clone()),
                json!({ "state": "UNHEALTHY", "message": "Reconnect your workspace." }),
            ),
            (
                Health::Unhealthy(problem.clone().link("Reconnect", url)),
                json!({ "state": "UNHEALTHY", "message": "Reconnect your workspace.", "cta_type": "URL_CTA",
                        "cta_label": "Reconnect", "cta_url": "https://example.com/settings" }),
            ),
            (
                Health::Unhealthy(problem.reinstall()),
                json!({ "state": "UNHEALTHY", "message": "Reconnect your workspace.", "cta_type": "REINSTALL_CTA" }),
            ),
        ];
        for (health, expected) in cases {
            assert_eq!(json!(health), expected);
        }
    }

    #[test]
    fn a_message_is_never_empty_and_never_too_long() {
        for text in ["", " \n ", &"x".repeat(10_000)] {
            let answer = json!(Health::Unhealthy(Problem::new(text)));
            let length = answer["message"].as_str().unwrap().chars().count();
            assert!((1..=MAX_MESSAGE_CHARS).contains(&length), "{length}");
        }
    }
}
