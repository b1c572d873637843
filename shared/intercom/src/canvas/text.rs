//! Text, the component that most canvases are made of.

use serde::Serialize;

use super::{ComponentId, Line, Markdown, NoMargin, is_default};

/// One paragraph. Intercom draws no line breaks: several lines are several texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<ComponentId>,
    pub(super) text: Markdown,
    #[serde(skip_serializing_if = "is_default")]
    style: TextStyle,
    #[serde(skip_serializing_if = "is_default")]
    align: Align,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bottom_margin: Option<NoMargin>,
}

/// How a text is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TextStyle {
    /// Ordinary text.
    #[default]
    Paragraph,
    /// A heading.
    Header,
    /// Grey: what is said besides; empty and error states.
    Muted,
    /// Red: what is wrong with a field nearby.
    Error,
}

/// Where a text stands in the width of the panel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The names are the documentation.
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
}

impl Text {
    /// A text in the given style.
    #[must_use]
    pub fn new(style: TextStyle, text: impl Into<Markdown>) -> Self {
        let text = Some(text.into()).filter(|text| !text.is_blank());
        Self {
            id: None,
            text: text.unwrap_or_else(|| Line::NOTHING.into()),
            style,
            align: Align::Left,
            bottom_margin: None,
        }
    }

    /// Ordinary text.
    #[must_use]
    pub fn paragraph(text: impl Into<Markdown>) -> Self {
        Self::new(TextStyle::Paragraph, text)
    }

    /// A heading.
    #[must_use]
    pub fn header(text: impl Into<Markdown>) -> Self {
        Self::new(TextStyle::Header, text)
    }

    /// Grey text.
    #[must_use]
    pub fn muted(text: impl Into<Markdown>) -> Self {
        Self::new(TextStyle::Muted, text)
    }

    /// Names the component.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<ComponentId>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Aligns the text.
    #[must_use]
    pub fn aligned(mut self, align: Align) -> Self {
        self.align = align;
        self
    }

    /// Drops the 10 px below.
    #[must_use]
    pub fn without_margin(mut self) -> Self {
        self.bottom_margin = Some(NoMargin::None);
        self
    }
}
