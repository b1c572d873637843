//! The Canvas Kit: the components that Intercom draws in the Inbox's side panel.
//!
//! What a type can hold, it holds: no sheet action, no image without a size, no address but `https`, no line
//! break, no markup out of foreign text. What only the whole can hold (ids that are unique, a bounded size)
//! is checked once, by [`Canvas::new`]. So whoever has a [`Canvas`] has one that Intercom draws.
//!
//! ```
//! use intercom::canvas::{Action, Button, Canvas, List, ListItem, Text};
//!
//! # fn main() -> Result<(), intercom::canvas::CanvasError> {
//! let canvas = Canvas::new([
//!     Text::muted("Matched by email").into(),
//!     List::new([ListItem::new("session:1", "Nov 20, 2026 at 1:05PM").on_click(Action::Submit)])?.into(),
//!     Button::link("more", "Show more", Action::Submit).into(),
//! ])?;
//! assert!(canvas.as_json().starts_with(r#"{"canvas":{"content":{"components":["#));
//! # Ok(())
//! # }
//! ```

mod action;
mod button;
mod choice;
mod component;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod error;
mod height;
mod id;
mod image;
mod input;
mod layout;
mod line;
mod list;
mod markdown;
mod table;
mod text;

use std::collections::HashSet;

use serde::Serialize;

pub use action::Action;
pub use button::{Button, ButtonStyle};
pub use choice::{Checkbox, Choice, Dropdown, SingleSelect};
pub use component::Component;
pub use error::CanvasError;
pub use height::{FIRST_CANVAS_PX, height};
pub use id::ComponentId;
pub use image::{Image, ImageAlign};
pub use input::{Input, SaveState, Textarea};
pub use layout::{Divider, Spacer, SpacerSize};
pub use line::Line;
pub use list::{Corners, List, ListItem};
pub use markdown::Markdown;
pub use table::{DataTable, FieldValue};
pub use text::{Align, Text, TextStyle};

/// Largest answer, bytes. Intercom takes 64 KB of content and 64 KB of stored data; we keep the two together
/// under the smaller reading of one.
pub const MAX_BYTES: usize = 64_000;

/// A canvas that Intercom draws: the body of the answer to an initialize or submit request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canvas {
    json: String,
    height: usize,
}

impl Canvas {
    /// Checks what the components cannot hold one by one.
    ///
    /// # Errors
    /// Without components, with an empty id or one used twice, or over [`MAX_BYTES`].
    pub fn new(components: impl IntoIterator<Item = Component>) -> Result<Self, CanvasError> {
        Self::assemble(components, None)
    }

    /// A canvas whose next click brings `data` back. Teammates do not see it, but it is no place for secrets.
    ///
    /// # Errors
    /// As [`Canvas::new`], and when `data` is not a JSON object.
    pub fn with_stored_data(
        components: impl IntoIterator<Item = Component>,
        data: &impl Serialize,
    ) -> Result<Self, CanvasError> {
        match serde_json::to_value(data) {
            Ok(serde_json::Value::Object(data)) => Self::assemble(components, Some(data)),
            _ => Err(CanvasError::StoredData),
        }
    }

    fn assemble(
        components: impl IntoIterator<Item = Component>,
        stored_data: Option<serde_json::Map<String, serde_json::Value>>,
    ) -> Result<Self, CanvasError> {
        let components: Vec<_> = components.into_iter().collect();
        if components.is_empty() {
            return Err(CanvasError::Empty("the canvas"));
        }
        let mut seen = HashSet::new();
        for id in components.iter().flat_map(Component::ids) {
            if id.as_str().is_empty() {
                return Err(CanvasError::Empty("an id"));
            }
            if !seen.insert(id) {
                return Err(CanvasError::DuplicateId(id.clone()));
            }
        }
        let answer = Answer {
            canvas: Body {
                content: Content {
                    components: &components,
                },
                stored_data,
            },
        };
        let json = serde_json::to_string(&answer).map_err(|_| CanvasError::StoredData)?;
        match json.len() {
            bytes if bytes > MAX_BYTES => Err(CanvasError::TooLarge { bytes }),
            _ => Ok(Self {
                json,
                height: height(&components),
            }),
        }
    }

    /// A canvas of one muted sentence: the last resort, which cannot fail.
    #[must_use]
    pub fn sentence(text: &'static str) -> Self {
        let component = Component::from(Text::muted(text));
        let height = height(std::slice::from_ref(&component));
        let json = serde_json::json!({ "canvas": { "content": { "components": [component] } } });
        Self {
            json: json.to_string(),
            height,
        }
    }

    /// How tall the Inbox draws it, estimated, px; see [`FIRST_CANVAS_PX`].
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The answer's body, `{"canvas":{…}}`.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.json
    }
}

impl From<Canvas> for String {
    fn from(canvas: Canvas) -> Self {
        canvas.json
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    canvas: Body<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored_data: Option<serde_json::Map<String, serde_json::Value>>,
}

#[derive(Serialize)]
struct Content<'a> {
    components: &'a [Component],
}

/// The one value of `bottom_margin`: Intercom knows no other, and draws 10 px without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum NoMargin {
    None,
}

/// Whether a field may stay unsent: Intercom's defaults are ours.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests;
