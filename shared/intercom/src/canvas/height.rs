//! How tall the Inbox draws a canvas, estimated.
//!
//! Intercom's review allows the first canvas 400 px, and does not publish how it lays components out. The
//! numbers here are those of a details panel with 300 px inside and 14 px type, rounded up; text is taken to
//! wrap early.

use super::{ButtonStyle, Component, Line, SpacerSize};

/// Tallest first canvas by Intercom's review rules, px.
pub const FIRST_CANVAS_PX: usize = 400;

/// Below every component that does not ask for none.
const MARGIN_PX: usize = 10;
/// One line of a text, and how many characters it takes.
const TEXT_LINE_PX: usize = 20;
const TEXT_CHARS: usize = 42;
/// An item's space above and below its lines, with the rule between items.
const ITEM_PADDING_PX: usize = 17;
/// One line of an item's title or of what stands below it, and how many characters it takes.
const ITEM_LINE_PX: usize = 18;
const ITEM_CHARS: usize = 44;
/// Titles are bold, which takes more room.
const ITEM_TITLE_CHARS: usize = 38;
/// One row of a table; it never wraps.
const TABLE_ROW_PX: usize = 24;
/// A button: one that looks like a link has no frame.
const BUTTON_PX: usize = 38;
const LINK_BUTTON_PX: usize = 24;
/// A field to type in or choose from, its label, and each further line.
const FIELD_PX: usize = 38;
const FIELD_LABEL_PX: usize = 24;
const FIELD_LINE_PX: usize = 32;

/// The height of these components, one below the other, px.
#[must_use]
pub fn height(components: &[Component]) -> usize {
    components.iter().map(height_of).sum()
}

fn height_of(component: &Component) -> usize {
    let (body, margin) = match component {
        Component::Text(text) => {
            let lines = text.text.visible_chars().div_ceil(TEXT_CHARS).max(1);
            (lines * TEXT_LINE_PX, text.bottom_margin.is_none())
        }
        Component::Image(image) => (image.height.get().into(), image.bottom_margin.is_none()),
        Component::Divider(divider) => (1, divider.bottom_margin.is_none()),
        Component::Spacer(spacer) => (spacer_height(spacer.size), false),
        Component::DataTable(table) => (table.items.len() * TABLE_ROW_PX, true),
        Component::List(list) => {
            let items = list.items.iter();
            let lines = items.map(|item| ITEM_PADDING_PX + ITEM_LINE_PX * item_lines(item));
            (lines.sum(), true)
        }
        Component::Button(button) if button.style == ButtonStyle::Link => (LINK_BUTTON_PX, true),
        Component::Button(_) => (BUTTON_PX, true),
        Component::Input(_) | Component::Dropdown(_) => (FIELD_LABEL_PX + FIELD_PX, true),
        Component::Textarea(_) => (FIELD_LABEL_PX + FIELD_PX + FIELD_LINE_PX, true),
        Component::SingleSelect(select) => {
            (FIELD_LABEL_PX + FIELD_LINE_PX * select.field.len(), true)
        }
        Component::Checkbox(checkbox) => {
            (FIELD_LABEL_PX + FIELD_LINE_PX * checkbox.field.len(), true)
        }
    };
    body + if margin { MARGIN_PX } else { 0 }
}

fn item_lines(item: &super::ListItem) -> usize {
    let chars = |line: &Line| line.as_str().chars().count();
    let title = chars(&item.title).div_ceil(ITEM_TITLE_CHARS);
    // Subtitle and tertiary text share their lines, with a bullet between them.
    let details: Vec<_> = item
        .subtitle
        .iter()
        .chain(&item.tertiary_text)
        .map(chars)
        .collect();
    let bullet = 3 * details.len().saturating_sub(1);
    title + (details.iter().sum::<usize>() + bullet).div_ceil(ITEM_CHARS)
}

fn spacer_height(size: SpacerSize) -> usize {
    match size {
        SpacerSize::ExtraSmall => 4,
        SpacerSize::Small => 8,
        SpacerSize::Medium => 16,
        SpacerSize::Large => 24,
        SpacerSize::ExtraLarge => 32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canvas::{Action, Button, DataTable, FieldValue, List, ListItem, Markdown, Text};

    #[test]
    fn what_is_longer_or_more_is_taller() {
        let text = |text: &str| height(&[Text::paragraph(text).into()]);
        assert_eq!(text("short"), 30);
        assert_eq!(text(&"long ".repeat(20)), 30 + 2 * TEXT_LINE_PX);
        let item = |subtitle: &str| {
            ListItem::new("id", "Title")
                .subtitle(subtitle)
                .on_click(Action::Submit)
        };
        let list = |items: Vec<ListItem>| height(&[List::new(items).unwrap().into()]);
        assert_eq!(list(vec![item("short")]), 63);
        assert_eq!(list(vec![item(&"long ".repeat(10))]), 81);
        assert_eq!(list(vec![item("short").tertiary_text("x".repeat(40))]), 81);
        assert_eq!(list(vec![item("short"), item("short")]), 63 + 53);
        let rows = [FieldValue::new("a", "1"), FieldValue::new("b", "2")];
        assert_eq!(height(&[DataTable::new(rows).unwrap().into()]), 58);
        assert_eq!(
            height(&[Button::link("id", "Go", Action::Submit).into()]),
            34
        );
    }

    #[test]
    fn only_what_is_seen_of_a_link_takes_room() {
        let url =
            crate::HttpsUrl::parse(&format!("https://example.com/{}", "x".repeat(200))).unwrap();
        let link = Text::paragraph(
            Markdown::new()
                .bold("Before")
                .plain(" ")
                .link("watch", &url),
        );
        assert_eq!(height(&[link.without_margin().into()]), TEXT_LINE_PX);
    }
}
