//! What the body of an error says.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::lenient;

/// What an error's body says. Code and request id may stand in a log. The message quotes e-mails: it is read
/// by [`super::detail`] and goes no further, as does the field.
#[derive(Default)]
pub(super) struct Said {
    pub(super) code: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) message: Option<String>,
    pub(super) field: Option<String>,
}

/// Longest code and longest request id, bytes.
const MAX_BYTES: usize = 64;

#[derive(Default, Deserialize)]
struct Body {
    #[serde(default, deserialize_with = "lenient::text")]
    request_id: Option<String>,
    /// An `error.list`; only the first error has ever been seen in one.
    #[serde(default, deserialize_with = "lenient::list")]
    errors: Vec<Item>,
    /// The shape of RFC 6749, as other authorization servers answer.
    #[serde(default, deserialize_with = "lenient::text")]
    error: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default, deserialize_with = "lenient::text")]
    code: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    message: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    field: Option<String>,
}

/// Reads whatever came: an `error.list`, another JSON, a proxy's HTML, nothing.
pub(super) fn read(body: &[u8]) -> Said {
    let fields: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let body = Body::deserialize(Value::Object(fields)).unwrap_or_default();
    let (mut listed, mut message, mut field) = (None, None, None);
    for item in body.errors {
        listed = listed.or(item.code);
        message = message.or(item.message);
        field = field.or(item.field);
    }
    Said {
        code: listed.or(body.error).and_then(code),
        request_id: body.request_id.and_then(request_id),
        message,
        field,
    }
}

/// A code is a word like `token_revoked`.
fn code(text: String) -> Option<String> {
    loggable(text, |byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// A request id is a UUID, or something as plain.
pub(super) fn request_id(text: String) -> Option<String> {
    loggable(text, |byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn loggable(text: String, allowed: fn(u8) -> bool) -> Option<String> {
    let fits = (1..=MAX_BYTES).contains(&text.len()) && text.bytes().all(allowed);
    fits.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_request_id_are_read_from_every_shape() {
        let list = r#"{"type":"error.list","request_id":"8879ee29-0b1c","errors":[{"code":"not_found","message":"a@b.c"}]}"#;
        let cases = [
            (list, Some("not_found"), Some("8879ee29-0b1c")),
            (
                r#"{"type":"error.list","request_id":null,"errors":[{"code":"conflict"}]}"#,
                Some("conflict"),
                None,
            ),
            (
                r#"{"errors":[7,{"message":"no code"},{"code":"server_error"}]}"#,
                Some("server_error"),
                None,
            ),
            (
                r#"{"error":"invalid_grant","error_description":"a@b.c"}"#,
                Some("invalid_grant"),
                None,
            ),
            (r#"{"errors":null,"error":{"code":"x"}}"#, None, None),
            (
                r#"{"errors":[{"code":"a@b.c"}],"request_id":"a@b.c"}"#,
                None,
                None,
            ),
            ("<html><body>502 Bad Gateway</body></html>", None, None),
            ("[1]", None, None),
            ("", None, None),
        ];
        for (body, code, request_id) in cases {
            let said = read(body.as_bytes());
            assert_eq!(said.code.as_deref(), code, "{body}");
            assert_eq!(said.request_id.as_deref(), request_id, "{body}");
        }
    }
}
