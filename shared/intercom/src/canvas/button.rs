//! Buttons.

use serde::Serialize;

use super::{Action, ComponentId, Line, is_default};

/// A button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Button {
    pub(super) id: ComponentId,
    label: Line,
    #[serde(skip_serializing_if = "is_default")]
    pub(super) style: ButtonStyle,
    #[serde(skip_serializing_if = "is_default")]
    disabled: bool,
    action: Action,
}

/// How a button is drawn, and what each is for by Intercom's review rules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ButtonStyle {
    /// The main action inside a flow. Never on the first canvas.
    #[default]
    Primary,
    /// Starts a new flow.
    Secondary,
    /// Navigation, and whatever opens a new tab.
    Link,
}

impl Button {
    /// A button in the given style.
    #[must_use]
    pub fn new(
        style: ButtonStyle,
        id: impl Into<ComponentId>,
        label: impl Into<Line>,
        action: impl Into<Action>,
    ) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            style,
            disabled: false,
            action: action.into(),
        }
    }

    /// A button that looks like a link.
    #[must_use]
    pub fn link(
        id: impl Into<ComponentId>,
        label: impl Into<Line>,
        action: impl Into<Action>,
    ) -> Self {
        Self::new(ButtonStyle::Link, id, label, action)
    }

    /// Shows the button without letting anybody press it.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}
