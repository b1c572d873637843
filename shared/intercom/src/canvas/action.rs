//! What happens on a click.

use serde::Serialize;

use crate::HttpsUrl;

/// What a click does. There is no third thing in the Inbox: sheets open in the Messenger only, and nothing
/// can put text on the clipboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// Sends the component's id to our submit address; the answer replaces the canvas.
    Submit,
    /// Opens a new browser tab.
    Url {
        /// The address opened.
        url: HttpsUrl,
    },
}

impl From<HttpsUrl> for Action {
    fn from(url: HttpsUrl) -> Self {
        Self::Url { url }
    }
}
