//! Fields that a teammate types in, or copies from.

use serde::Serialize;

use super::{Action, ComponentId, Line, is_default};

/// One line to type in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    pub(super) id: ComponentId,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Line>,
    #[serde(skip_serializing_if = "is_default")]
    save_state: SaveState,
    #[serde(skip_serializing_if = "is_default")]
    disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Action>,
}

/// What became of a field's value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SaveState {
    /// Nothing yet.
    #[default]
    Unsaved,
    /// Kept; Intercom disables the field whatever `disabled` says.
    Saved,
    /// Refused; say why in an error text nearby.
    Failed,
}

impl Input {
    /// An empty field.
    #[must_use]
    pub fn new(id: impl Into<ComponentId>) -> Self {
        Self {
            id: id.into(),
            label: None,
            placeholder: None,
            value: None,
            save_state: SaveState::Unsaved,
            disabled: false,
            action: None,
        }
    }

    /// Adds a label above.
    #[must_use]
    pub fn label(mut self, text: impl Into<Line>) -> Self {
        self.label = Some(text.into());
        self
    }

    /// Adds a hint that is shown while the field is empty.
    #[must_use]
    pub fn placeholder(mut self, text: impl Into<Line>) -> Self {
        self.placeholder = Some(text.into());
        self
    }

    /// Fills the field.
    #[must_use]
    pub fn value(mut self, text: impl Into<Line>) -> Self {
        self.value = Some(text.into());
        self
    }

    /// Says what became of the value.
    #[must_use]
    pub fn save_state(mut self, state: SaveState) -> Self {
        self.save_state = state;
        self
    }

    /// Shows the field without letting anybody type.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// Adds a button inside the field.
    #[must_use]
    pub fn on_click(mut self, action: impl Into<Action>) -> Self {
        self.action = Some(action.into());
        self
    }
}

/// Several lines to type in. It has neither an action nor a save state: a button beside it submits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Textarea {
    pub(super) id: ComponentId,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    error: bool,
    #[serde(skip_serializing_if = "is_default")]
    disabled: bool,
}

impl Textarea {
    /// An empty field.
    #[must_use]
    pub fn new(id: impl Into<ComponentId>) -> Self {
        Self {
            id: id.into(),
            label: None,
            placeholder: None,
            value: None,
            error: false,
            disabled: false,
        }
    }

    /// Adds a label above.
    #[must_use]
    pub fn label(mut self, text: impl Into<Line>) -> Self {
        self.label = Some(text.into());
        self
    }

    /// Adds a hint that is shown while the field is empty.
    #[must_use]
    pub fn placeholder(mut self, text: impl Into<Line>) -> Self {
        self.placeholder = Some(text.into());
        self
    }

    /// Fills the field; the one text that keeps its line breaks.
    #[must_use]
    pub fn value(mut self, text: impl Into<String>) -> Self {
        self.value = Some(text.into());
        self
    }

    /// Marks the field as wrongly filled in.
    #[must_use]
    pub fn with_error(mut self) -> Self {
        self.error = true;
        self
    }

    /// Shows the field without letting anybody type.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}
