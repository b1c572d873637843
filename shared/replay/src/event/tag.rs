//! What kind of node something is, and what the rules ask of it.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::json::Cursor;

/// What kind of node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs)] // The names are HTML's.
pub(crate) enum Tag {
    Document,
    Text,
    Html,
    Body,
    Main,
    A,
    Button,
    Canvas,
    /// Or a radio button.
    Checkbox,
    Div,
    Form,
    Image,
    Input,
    Label,
    ListItem,
    Option,
    Paragraph,
    Select,
    Span,
    Summary,
    Svg,
    TableCell,
    TableRow,
    Textarea,
    Video,
    Other,
    /// A field for files.
    File,
    Frame,
}

impl Tag {
    fn parse(name: &str) -> Self {
        match name {
            "a" => Self::A,
            "html" => Self::Html,
            "body" => Self::Body,
            "main" => Self::Main,
            "button" => Self::Button,
            "canvas" => Self::Canvas,
            "div" => Self::Div,
            "form" => Self::Form,
            "iframe" | "frame" | "object" | "embed" => Self::Frame,
            "img" | "picture" => Self::Image,
            "input" => Self::Input,
            "label" => Self::Label,
            "li" => Self::ListItem,
            "option" => Self::Option,
            "p" => Self::Paragraph,
            "select" => Self::Select,
            "span" => Self::Span,
            "summary" => Self::Summary,
            "svg" => Self::Svg,
            "td" | "th" => Self::TableCell,
            "tr" => Self::TableRow,
            "textarea" => Self::Textarea,
            "video" => Self::Video,
            _ => Self::Other,
        }
    }

    /// The tag that a node's type tells; elements tell their own.
    pub(super) fn of_type(cursor: &mut Cursor<'_>) -> Result<Option<Self>, Fault> {
        Ok(match cursor.natural_if_any()? {
            Some(0) => Some(Self::Document),
            Some(3 | 4) => Some(Self::Text),
            _ => None,
        })
    }

    /// The tag that an element's name tells, and whether it is a custom one: those have a dash.
    pub(super) fn of_name(cursor: &mut Cursor<'_>) -> Result<(Option<Self>, bool), Fault> {
        let Some(name) = cursor.string_if_any()? else {
            return Ok((None, false));
        };
        let tag = Self::parse(name.raw());
        let is_custom = tag == Self::Other && name.raw().contains('-');
        Ok((Some(tag), is_custom))
    }

    /// For people: what to call an element that has no name of its own.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::A => "link",
            Self::Button | Self::Summary => "button",
            Self::Canvas => "canvas",
            Self::Checkbox => "checkbox",
            Self::Image | Self::Svg => "image",
            Self::Input | Self::Textarea | Self::File => "field",
            Self::Label => "label",
            Self::ListItem => "list item",
            Self::Option => "option",
            Self::Select => "selection",
            Self::TableCell => "table cell",
            Self::TableRow => "table row",
            Self::Video => "video",
            Self::Document | Self::Html | Self::Body | Self::Main => "page",
            Self::Text | Self::Paragraph | Self::Span => "text",
            Self::Div | Self::Form | Self::Frame | Self::Other => "element",
        }
    }
}

/// Properties of an element that the rules ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Traits(u16);

impl Traits {
    /// Somebody who clicks it expects an answer.
    pub(crate) const CONTROL: Self = Self(1);
    /// An `<a>` that leads somewhere.
    pub(crate) const LINK: Self = Self(2);
    /// Text is typed or a value chosen here: clicking it answers by focus.
    pub(crate) const FIELD: Self = Self(4);
    /// Of the fields, those that text is typed into.
    pub(crate) const TEXT_FIELD: Self = Self(8);
    /// Masked or blocked by the recorder: nothing about it may be shown.
    pub(crate) const MASKED: Self = Self(16);
    /// Stands in a control, or is one.
    pub(crate) const IN_CONTROL: Self = Self(32);
    /// What a click on it does, no recording shows.
    pub(crate) const UNSHOWN: Self = Self(64);
    /// A click on it, or in it, may show something by moving the focus there.
    pub(crate) const SHOWS_BY_FOCUS: Self = Self(128);
    /// Switched off: presses make no clicks.
    pub(crate) const DISABLED: Self = Self(256);
    /// An element that is typed into as if it were a field.
    pub(crate) const EDITABLE: Self = Self(512);
    /// A custom element.
    pub(crate) const CUSTOM: Self = Self(1_024);
    /// It takes no room: of canvases and frames.
    pub(crate) const HIDDEN: Self = Self(2_048);
    /// It can be shown over the page.
    pub(crate) const POPOVER: Self = Self(4_096);

    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn set(&mut self, other: Self) {
        self.0 |= other.0;
    }

    fn clear(&mut self, other: Self) {
        self.0 &= !other.0;
    }

    /// Takes into account that an attribute has changed or gone: what it said before does not hold.
    pub(crate) fn forget_attribute(&mut self, name: &str) {
        match name {
            "disabled" => self.clear(Self::DISABLED),
            "popover" => self.clear(Self::POPOVER),
            "popovertarget" | "commandfor" => self.clear(Self::UNSHOWN),
            "hidden" | "style" | "width" | "height" => self.clear(Self::HIDDEN),
            "contenteditable" => {
                self.clear(Self(Self::FIELD.0 | Self::TEXT_FIELD.0 | Self::EDITABLE.0));
            }
            _ => {}
        }
    }

    /// The traits that a tag gives by itself.
    pub(super) fn of(tag: Tag) -> Self {
        match tag {
            Tag::Button | Tag::Summary | Tag::Label => Self::CONTROL,
            Tag::Textarea => Self(Self::FIELD.0 | Self::TEXT_FIELD.0),
            // An input is a text field until its type says otherwise, as in HTML.
            Tag::Input => Self(Self::FIELD.0 | Self::TEXT_FIELD.0),
            Tag::Select => Self::FIELD,
            _ => Self::default(),
        }
    }

    /// Takes an attribute into account. Used for recorded pages and for later changes alike.
    pub(crate) fn attribute(&mut self, tag: Tag, name: &str, value: &str) {
        match name {
            "type" if tag == Tag::Input => match value {
                "button" | "submit" | "reset" | "image" | "checkbox" | "radio" => {
                    self.0 &= !(Self::FIELD.0 | Self::TEXT_FIELD.0);
                    self.set(Self::CONTROL);
                }
                "range" | "color" | "file" | "hidden" => self.0 &= !Self::TEXT_FIELD.0,
                _ => {}
            },
            "role" => match value {
                "button" | "link" | "tab" | "menuitem" | "checkbox" | "switch" | "option"
                | "radio" => self.set(Self::CONTROL),
                "textbox" | "searchbox" => self.0 |= Self::FIELD.0 | Self::TEXT_FIELD.0,
                _ => {}
            },
            "onclick" => {
                self.set(Self::CONTROL);
                if UNSHOWN_CALLS.iter().any(|call| value.contains(call)) {
                    self.set(Self::UNSHOWN);
                }
            }
            "href" if tag == Tag::A => match leads_somewhere(value) {
                true => self.set(Self::LINK),
                // It stands for a button.
                false => self.set(Self::CONTROL),
            },
            "contenteditable" if value != "false" => {
                self.0 |= Self::FIELD.0 | Self::TEXT_FIELD.0 | Self::EDITABLE.0;
            }
            "popovertarget" | "commandfor" => self.set(Self::UNSHOWN),
            "disabled" => self.set(Self::DISABLED),
            "popover" => self.set(Self::POPOVER),
            "hidden" => self.set(Self::HIDDEN),
            "width" | "height" if matches!(value, "0" | "1") => self.set(Self::HIDDEN),
            "style" if matches!(tag, Tag::Canvas | Tag::Frame) && takes_no_room(value) => {
                self.set(Self::HIDDEN);
            }
            "class" if is_masking_class(value) => self.set(Self::MASKED),
            "rr_width" => self.set(Self::MASKED),
            _ => {}
        }
    }
}

/// What a handler in the page itself calls when its effect is none of the page's: a dialog of the browser, a
/// window, a file, the clipboard, sound.
const UNSHOWN_CALLS: [&str; 14] = [
    "alert(",
    "confirm(",
    "prompt(",
    "print(",
    "open(",
    "showPicker",
    "Fullscreen",
    "PictureInPicture",
    "clipboard",
    "execCommand",
    "download",
    ".share(",
    ".play(",
    "speechSynthesis",
];

/// Whether a style hides its element.
fn takes_no_room(style: &str) -> bool {
    style.split(';').any(|declaration| {
        let (name, value) = declaration.split_once(':').unwrap_or_default();
        let value = value.trim();
        match name.trim() {
            "display" => value == "none",
            "visibility" => value == "hidden",
            "width" | "height" => matches!(value, "0" | "0px" | "1px"),
            _ => false,
        }
    })
}

/// Whether an address leads anywhere: `#` alone and scripts do not, and stand in anchors that are buttons.
fn leads_somewhere(href: &str) -> bool {
    let href = href.trim();
    let is_script = href
        .get(.."javascript:".len())
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("javascript:"));
    // Recorders write the address in full: the page's own, with nothing behind the mark.
    !href.is_empty() && !href.ends_with('#') && !href.ends_with("#!") && !is_script
}

/// Classes by which recorders mask or block: rrweb, PostHog, Sentry, highlight.
const MASKING_CLASSES: [(&str, &[&str]); 4] = [
    ("rr", &["-mask", "-block", "-ignore"]),
    ("ph", &["-mask", "-no-capture"]),
    ("sentry", &["-mask", "-block"]),
    ("highlight", &["-mask", "-block"]),
];

/// Whether there is such a class among these, or one that begins or ends so.
fn is_masking_class(classes: &str) -> bool {
    // Looking around every dash is faster than looking for each of nine words.
    classes.bytes().enumerate().any(|(at, byte)| {
        byte == b'-'
            && MASKING_CLASSES.iter().any(|(family, endings)| {
                let (before, after) = classes.as_bytes().split_at(at);
                before.ends_with(family.as_bytes())
                    && endings
                        .iter()
                        .any(|ending| after.starts_with(ending.as_bytes()))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masking_classes_are_found_wherever_they_stand() {
        for classes in [
            "rr-mask",
            "card rr-block",
            "a-b ph-no-capture c",
            "x-sentry-mask-y",
            "highlight-block",
        ] {
            assert!(is_masking_class(classes), "{classes}");
        }
        for classes in [
            "", "card", "rr-masc", "r-mask", "mask-rr", "ph-block", "rr-",
        ] {
            assert!(!is_masking_class(classes), "{classes}");
        }
    }

    #[test]
    fn anchors_that_lead_nowhere_are_controls() {
        for (href, is_link) in [
            ("https://a.example/", true),
            ("/cart#items", true),
            ("#items", true),
            ("#", false),
            ("https://a.example/cart#", false),
            ("", false),
            ("javascript:void(0)", false),
            (" JavaScript:;", false),
        ] {
            let mut traits = Traits::of(Tag::A);
            traits.attribute(Tag::A, "href", href);
            assert_eq!(traits.has(Traits::LINK), is_link, "{href}");
            assert_eq!(traits.has(Traits::CONTROL), !is_link, "{href}");
        }
    }
}
