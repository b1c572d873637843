//! Images.

use std::num::NonZeroU16;

use serde::Serialize;

use super::{Action, ComponentId, NoMargin, is_default};
use crate::HttpsUrl;

/// An image with the size it is drawn at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Image {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<ComponentId>,
    url: HttpsUrl,
    width: NonZeroU16,
    pub(super) height: NonZeroU16,
    #[serde(skip_serializing_if = "is_default")]
    align: ImageAlign,
    #[serde(skip_serializing_if = "is_default")]
    rounded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bottom_margin: Option<NoMargin>,
    /// Only ever a URL action: [`Image::linked_to`] makes no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Action>,
}

/// Where an image stands in the width of the panel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The names are the documentation.
pub enum ImageAlign {
    #[default]
    Left,
    Center,
    Right,
    FullWidth,
}

impl Image {
    /// An image of `width` by `height` pixels.
    #[must_use]
    pub fn new(url: HttpsUrl, width: NonZeroU16, height: NonZeroU16) -> Self {
        Self {
            id: None,
            url,
            width,
            height,
            align: ImageAlign::Left,
            rounded: false,
            bottom_margin: None,
            action: None,
        }
    }

    /// Names the component.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<ComponentId>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Aligns the image.
    #[must_use]
    pub fn aligned(mut self, align: ImageAlign) -> Self {
        self.align = align;
        self
    }

    /// Rounds the corners.
    #[must_use]
    pub fn rounded(mut self) -> Self {
        self.rounded = true;
        self
    }

    /// Drops the 10 px below.
    #[must_use]
    pub fn without_margin(mut self) -> Self {
        self.bottom_margin = Some(NoMargin::None);
        self
    }

    /// Opens `url` in a new tab on a click: the only action an image can have.
    #[must_use]
    pub fn linked_to(mut self, url: HttpsUrl) -> Self {
        self.action = Some(url.into());
        self
    }
}
