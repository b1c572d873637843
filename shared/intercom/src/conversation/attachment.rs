//! A file that goes with a message.

use serde::Deserialize;

use crate::lenient;

/// A file that goes with a message. Its address expires.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// As its sender called it.
    #[serde(deserialize_with = "lenient::decoded_text")]
    pub name: Option<String>,
    /// Where it is, for a while.
    #[serde(deserialize_with = "lenient::text")]
    pub url: Option<String>,
    /// Its media type.
    #[serde(deserialize_with = "lenient::text")]
    pub content_type: Option<String>,
    /// Bytes.
    #[serde(deserialize_with = "lenient::count")]
    pub filesize: Option<u64>,
}
