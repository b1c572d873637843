//! What stands between the other components.

use serde::Serialize;

use super::{ComponentId, NoMargin, is_default};

/// A thin line across the panel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Divider {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<ComponentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bottom_margin: Option<NoMargin>,
}

impl Divider {
    /// A line.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Names the component.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<ComponentId>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Drops the 10 px below.
    #[must_use]
    pub fn without_margin(mut self) -> Self {
        self.bottom_margin = Some(NoMargin::None);
        self
    }
}

/// Empty height.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Spacer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<ComponentId>,
    #[serde(skip_serializing_if = "is_default")]
    pub(super) size: SpacerSize,
}

/// How much empty height.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The names are the documentation.
pub enum SpacerSize {
    #[serde(rename = "xs")]
    ExtraSmall,
    #[default]
    #[serde(rename = "s")]
    Small,
    #[serde(rename = "m")]
    Medium,
    #[serde(rename = "l")]
    Large,
    #[serde(rename = "xl")]
    ExtraLarge,
}

impl Spacer {
    /// Empty height of the given size.
    #[must_use]
    pub fn new(size: SpacerSize) -> Self {
        Self { id: None, size }
    }

    /// Names the component.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<ComponentId>) -> Self {
        self.id = Some(id.into());
        self
    }
}
