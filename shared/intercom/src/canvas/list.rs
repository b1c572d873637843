//! Lists of things to click.

use std::num::NonZeroU16;

use serde::Serialize;

use super::{Action, CanvasError, ComponentId, Line, is_default};
use crate::HttpsUrl;

/// A list. Intercom names no limit; keep to about ten items and page the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct List {
    pub(super) items: Vec<ListItem>,
    #[serde(skip_serializing_if = "is_default")]
    disabled: bool,
}

impl List {
    /// A list of at least one item.
    ///
    /// # Errors
    /// [`CanvasError::Empty`] without items.
    pub fn new(items: impl IntoIterator<Item = ListItem>) -> Result<Self, CanvasError> {
        let items: Vec<_> = items.into_iter().collect();
        if items.is_empty() {
            return Err(CanvasError::Empty("a list"));
        }
        Ok(Self {
            items,
            disabled: false,
        })
    }

    /// Shows the list without letting anybody click in it.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

/// One item of a [`List`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "item")]
pub struct ListItem {
    pub(super) id: ComponentId,
    pub(super) title: Line,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subtitle: Option<Line>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tertiary_text: Option<Line>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    image: Option<ItemImage>,
    #[serde(skip_serializing_if = "is_default")]
    disabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Action>,
}

/// The picture on the left of an item, which Intercom takes with both sizes only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ItemImage {
    #[serde(rename = "image")]
    url: HttpsUrl,
    #[serde(rename = "image_width")]
    width: NonZeroU16,
    #[serde(rename = "image_height")]
    height: NonZeroU16,
    #[serde(rename = "rounded_image", skip_serializing_if = "is_default")]
    rounded: bool,
}

/// The corners of an item's image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // The names are the documentation.
pub enum Corners {
    Square,
    Rounded,
}

impl ListItem {
    /// An item with a title.
    #[must_use]
    pub fn new(id: impl Into<ComponentId>, title: impl Into<Line>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            subtitle: None,
            tertiary_text: None,
            image: None,
            disabled: false,
            action: None,
        }
    }

    /// Adds a second line.
    #[must_use]
    pub fn subtitle(mut self, text: impl Into<Line>) -> Self {
        self.subtitle = Some(text.into());
        self
    }

    /// Adds what follows the subtitle, after a bullet.
    #[must_use]
    pub fn tertiary_text(mut self, text: impl Into<Line>) -> Self {
        self.tertiary_text = Some(text.into());
        self
    }

    /// Adds a picture of `width` by `height` pixels on the left.
    #[must_use]
    pub fn image(
        mut self,
        url: HttpsUrl,
        width: NonZeroU16,
        height: NonZeroU16,
        corners: Corners,
    ) -> Self {
        self.image = Some(ItemImage {
            url,
            width,
            height,
            rounded: corners == Corners::Rounded,
        });
        self
    }

    /// Does something on a click.
    #[must_use]
    pub fn on_click(mut self, action: impl Into<Action>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Shows the item without letting anybody click it.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}
