//! What Fin, Intercom's AI agent, did in a conversation.

use serde::Deserialize;

use crate::lenient;

/// What Fin did in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AiAgent {
    /// Whether it took part.
    pub participated: bool,
    /// How it ended, in Intercom's words: `assumed_resolution`, `confirmed_resolution`, `escalated`,
    /// `negative_feedback`, `procedure_handoff`; up to 2.14 also `routed_to_team`, `abandoned`.
    pub resolution_state: Option<String>,
    /// `ai_answer` or `custom_answer`.
    pub last_answer_type: Option<String>,
    /// Whether one of its answers came from a data connector.
    pub used_connector: bool,
    /// Whether it was tried out in the settings: no contact wrote.
    pub is_preview: bool,
}

/// What stands in `ai_agent`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wire {
    #[serde(deserialize_with = "lenient::text")]
    source_type: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    resolution_state: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    last_answer_type: Option<String>,
    #[serde(deserialize_with = "lenient::listed")]
    content_sources: Vec<ContentSource>,
}

#[derive(Deserialize)]
struct ContentSource {
    #[serde(default, deserialize_with = "lenient::text")]
    content_type: Option<String>,
}

/// What an answer came from, when it was a data connector.
const CONNECTOR: &str = "workflow_connector_action";

impl Wire {
    pub(super) fn read(self, participated: bool) -> AiAgent {
        let mut sources = self.content_sources.iter();
        AiAgent {
            participated,
            used_connector: sources.any(|source| source.content_type.as_deref() == Some(CONNECTOR)),
            is_preview: matches!(
                self.source_type.as_deref(),
                Some("workflow_preview" | "fin_preview")
            ),
            resolution_state: self.resolution_state,
            last_answer_type: self.last_answer_type,
        }
    }
}
