//! Any component of a canvas.

use serde::Serialize;

use super::{
    Button, Checkbox, ComponentId, DataTable, Divider, Dropdown, Image, Input, List, SingleSelect,
    Spacer, Text, Textarea,
};

/// Any component. Every one of the Canvas Kit is here; a sheet, which the Inbox does not open, is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[allow(missing_docs)] // Each is documented at its own type.
pub enum Component {
    Text(Text),
    Image(Image),
    Divider(Divider),
    Spacer(Spacer),
    DataTable(DataTable),
    List(List),
    Button(Button),
    Input(Input),
    Textarea(Textarea),
    Dropdown(Dropdown),
    SingleSelect(SingleSelect),
    Checkbox(Checkbox),
}

impl Component {
    /// Every id in it: its own, its items' and its options'.
    pub(super) fn ids(&self) -> Vec<&ComponentId> {
        match self {
            Self::Text(text) => text.id.iter().collect(),
            Self::Image(image) => image.id.iter().collect(),
            Self::Divider(divider) => divider.id.iter().collect(),
            Self::Spacer(spacer) => spacer.id.iter().collect(),
            Self::DataTable(_) => Vec::new(),
            Self::List(list) => list.items.iter().map(|item| &item.id).collect(),
            Self::Button(button) => vec![&button.id],
            Self::Input(input) => vec![&input.id],
            Self::Textarea(textarea) => vec![&textarea.id],
            Self::Dropdown(dropdown) => dropdown.field.ids(),
            Self::SingleSelect(select) => select.field.ids(),
            Self::Checkbox(checkbox) => checkbox.field.ids(),
        }
    }
}

macro_rules! component_from {
    ($($kind:ident),*) => {$(
        impl From<$kind> for Component {
            fn from(component: $kind) -> Self {
                Self::$kind(component)
            }
        }
    )*};
}

component_from!(
    Text,
    Image,
    Divider,
    Spacer,
    DataTable,
    List,
    Button,
    Input,
    Textarea,
    Dropdown,
    SingleSelect,
    Checkbox
);
