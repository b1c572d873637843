//! What Intercom asks about an installation: it is over (`POST /uninstall`), or how is it (`POST /health`)?
//!
//! Both are signed like canvas requests ([`crate::signature`]), not like webhooks.

mod health;

use serde::Deserialize;
use serde_json::{Map, Value};

pub use health::{Health, Problem};

use crate::lenient;

/// The body does not name a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request's body is not a JSON object that names a workspace")]
pub struct NoWorkspace;

/// The workspace that was uninstalled, by a request whose signature has been verified.
///
/// The body is `{"app_id":"…"}` and nothing else. What a canvas or a health check sends is signed in the
/// same way, and must not uninstall.
///
/// # Errors
/// When the body has another shape.
pub fn uninstalled_workspace(body: &[u8]) -> Result<String, NoWorkspace> {
    let fields: Map<String, Value> = serde_json::from_slice(body).map_err(|_| NoWorkspace)?;
    match fields.len() {
        1 if fields.contains_key("app_id") => workspace_id(body),
        _ => Err(NoWorkspace),
    }
}

/// The workspace that a request is about, whose signature has been verified. It may be one that we never
/// heard of.
///
/// # Errors
/// When the body names none.
pub fn workspace_id(body: &[u8]) -> Result<String, NoWorkspace> {
    /// Uninstalling calls it by the one name, the health check by the other.
    #[derive(Deserialize)]
    struct Wire {
        #[serde(default, deserialize_with = "lenient::text")]
        app_id: Option<String>,
        #[serde(default, deserialize_with = "lenient::text")]
        workspace_id: Option<String>,
    }
    let fields: Map<String, Value> = serde_json::from_slice(body).map_err(|_| NoWorkspace)?;
    let wire = Wire::deserialize(Value::Object(fields)).map_err(|_| NoWorkspace)?;
    wire.workspace_id.or(wire.app_id).ok_or(NoWorkspace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_requests_name_their_workspace() {
        for body in [
            r#"{"app_id":"abcd1234"}"#,
            r#"{"workspace_id":"abcd1234","new":[]}"#,
            r#"{"workspace_id":null,"app_id":"abcd1234"}"#,
        ] {
            assert_eq!(
                workspace_id(body.as_bytes()).as_deref(),
                Ok("abcd1234"),
                "{body}"
            );
        }
    }

    #[test]
    fn only_its_own_body_uninstalls() {
        for (body, expected) in [
            (r#"{"app_id":"abcd1234"}"#, Ok("abcd1234")),
            (r#"{"workspace_id":"abcd1234"}"#, Err(&NoWorkspace)),
            (
                r#"{"workspace_id":"abcd1234","app_id":"abcd1234"}"#,
                Err(&NoWorkspace),
            ),
            (
                r#"{"app_id":"abcd1234","component_id":"open"}"#,
                Err(&NoWorkspace),
            ),
            (
                r#"{"app_id":"abcd1234","type":"notification_event","topic":"ping"}"#,
                Err(&NoWorkspace),
            ),
            (r#"{"app_id":""}"#, Err(&NoWorkspace)),
            ("{}", Err(&NoWorkspace)),
            (r#"["app_id"]"#, Err(&NoWorkspace)),
        ] {
            let found = uninstalled_workspace(body.as_bytes());
            assert_eq!(found.as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn a_body_without_a_workspace_is_refused() {
        for body in [
            "",
            "{}",
            "[]",
            r#"{"app_id":""}"#,
            r#"{"app_id":{}}"#,
            r#""abcd1234""#,
        ] {
            assert_eq!(workspace_id(body.as_bytes()), Err(NoWorkspace), "{body}");
        }
    }
}
