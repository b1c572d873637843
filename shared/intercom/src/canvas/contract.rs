//! The rules of the Canvas Kit once more, as a checker of JSON.
//!
//! Written from Intercom's reference and without a look at our types, so that the one can be tested against
//! the other. For tests: a canvas built by [`super::Canvas`] needs no checking.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// Everything in `answer` (an answer's whole body) that Intercom's Inbox would not draw. Empty: all is well.
#[must_use]
pub fn violations(answer: &Value) -> Vec<String> {
    let mut checker = Checker::default();
    if answer.to_string().len() >= 64 * 1024 {
        checker.report("64 KB or more");
    }
    let canvas = &answer["canvas"];
    match canvas["content"]["components"].as_array() {
        Some(components) if !components.is_empty() => {
            components.iter().for_each(|c| checker.component(c))
        }
        _ => checker.report("no components"),
    }
    if canvas
        .get("stored_data")
        .is_some_and(|data| !data.is_object())
    {
        checker.report("stored_data is not an object");
    }
    checker.found
}

#[derive(Default)]
struct Checker {
    ids: HashSet<String>,
    found: Vec<String>,
}

/// Names of fields and what they must look like.
type Fields = &'static [(&'static str, Rule)];

/// What a field must look like.
#[derive(Clone, Copy)]
enum Rule {
    /// A string on one line, not empty.
    Text,
    /// As `Text`, but it may have line breaks and may be empty.
    Lines,
    /// Unique in the canvas.
    Id,
    Bool,
    /// A whole number over 0.
    Pixels,
    Https,
    OneOf(&'static [&'static str]),
    SubmitOrUrl,
    UrlOnly,
    /// `item`, `option` or `field-value` objects, from least to most.
    Children(&'static str, usize, usize),
    /// An option's id.
    OptionId,
    OptionIds,
}

use Rule::{
    Bool, Children, Https, Id, Lines, OneOf, OptionId, OptionIds, Pixels, SubmitOrUrl, UrlOnly,
};

const MARGIN: (&str, Rule) = ("bottom_margin", OneOf(&["none"]));
const SAVE_STATE: (&str, Rule) = ("save_state", OneOf(&["unsaved", "saved", "failed"]));
const DISABLED: (&str, Rule) = ("disabled", Bool);

/// The required and the optional fields of each type.
fn fields(kind: &str) -> Option<(Fields, Fields)> {
    const LABEL: (&str, Rule) = ("label", Rule::Text);
    const PLACEHOLDER: (&str, Rule) = ("placeholder", Rule::Text);
    const ID: (&str, Rule) = ("id", Id);
    Some(match kind {
        "text" => (
            &[("text", Rule::Text)],
            &[
                ID,
                ("align", OneOf(&["left", "center", "right"])),
                ("style", OneOf(&["paragraph", "header", "muted", "error"])),
                MARGIN,
            ],
        ),
        "image" => (
            &[("url", Https), ("width", Pixels), ("height", Pixels)],
            &[
                ID,
                ("align", OneOf(&["left", "center", "right", "full_width"])),
                ("rounded", Bool),
                MARGIN,
                ("action", UrlOnly),
            ],
        ),
        "divider" => (&[], &[ID, MARGIN]),
        "spacer" => (&[], &[ID, ("size", OneOf(&["xs", "s", "m", "l", "xl"]))]),
        "data-table" => (&[("items", Children("field-value", 1, usize::MAX))], &[]),
        "field-value" => (&[("field", Rule::Text), ("value", Rule::Text)], &[]),
        "list" => (&[("items", Children("item", 1, usize::MAX))], &[DISABLED]),
        "item" => (
            &[ID, ("title", Rule::Text)],
            &[
                ("subtitle", Rule::Text),
                ("tertiary_text", Rule::Text),
                ("image", Https),
                ("image_width", Pixels),
                ("image_height", Pixels),
                ("rounded_image", Bool),
                DISABLED,
                ("action", SubmitOrUrl),
            ],
        ),
        "button" => (
            &[ID, LABEL, ("action", SubmitOrUrl)],
            &[
                ("style", OneOf(&["primary", "secondary", "link"])),
                DISABLED,
            ],
        ),
        "input" => (
            &[ID],
            &[
                LABEL,
                PLACEHOLDER,
                ("value", Rule::Text),
                ("action", SubmitOrUrl),
                SAVE_STATE,
                DISABLED,
            ],
        ),
        "textarea" => (
            &[ID],
            &[
                LABEL,
                PLACEHOLDER,
                ("value", Lines),
                ("error", Bool),
                DISABLED,
            ],
        ),
        "dropdown" => (
            &[ID, ("options", Children("option", 2, 10))],
            &[LABEL, ("value", OptionId), SAVE_STATE, DISABLED],
        ),
        "single-select" => (
            &[ID, ("options", Children("option", 2, 10))],
            &[
                LABEL,
                ("value", OptionId),
                SAVE_STATE,
                DISABLED,
                ("action", SubmitOrUrl),
            ],
        ),
        "checkbox" => (
            &[ID, LABEL, ("options", Children("option", 1, usize::MAX))],
            &[("value", OptionIds), SAVE_STATE, DISABLED],
        ),
        "option" => (&[ID, ("text", Rule::Text)], &[DISABLED]),
        _ => return None,
    })
}

impl Checker {
    fn report(&mut self, violation: impl Into<String>) {
        self.found.push(violation.into());
    }

    fn component(&mut self, component: &Value) {
        match component["type"].as_str() {
            Some("item" | "option" | "field-value") | None => {
                self.report(format!("no component: {component}"))
            }
            Some(kind) => self.object(kind, component),
        }
    }

    fn object(&mut self, kind: &str, value: &Value) {
        let (Some(object), Some((required, optional))) = (value.as_object(), fields(kind)) else {
            return self.report(format!("no {kind}: {value}"));
        };
        if object.get("type").and_then(Value::as_str) != Some(kind) {
            self.report(format!("not of type {kind}: {value}"));
        }
        for (name, _) in required {
            if !object.contains_key(*name) {
                self.report(format!("{kind} without {name}"));
            }
        }
        for (name, field) in object.iter().filter(|(name, _)| *name != "type") {
            match required
                .iter()
                .chain(optional)
                .find(|(known, _)| known == name)
            {
                Some((_, rule)) if self.holds(*rule, field, object) => {}
                Some(_) => self.report(format!("{kind}.{name} cannot be {field}")),
                None => self.report(format!("{kind} knows no {name}")),
            }
        }
        let sized = object.contains_key("image_width") && object.contains_key("image_height");
        if object.contains_key("image") && !sized {
            self.report("an item's image without its size");
        }
    }

    fn holds(&mut self, rule: Rule, field: &Value, parent: &Map<String, Value>) -> bool {
        let text = field.as_str();
        match rule {
            Rule::Text => {
                text.is_some_and(|t| !t.trim().is_empty() && !t.contains(['\n', '\r', '\u{2028}']))
            }
            Lines => text.is_some(),
            Id => text.is_some_and(|id| !id.is_empty() && self.ids.insert(id.to_owned())),
            Bool => field.is_boolean(),
            Pixels => field.as_u64().is_some_and(|pixels| pixels > 0),
            Https => text.is_some_and(is_https),
            OneOf(values) => text.is_some_and(|t| values.contains(&t)),
            SubmitOrUrl => {
                field == &serde_json::json!({ "type": "submit" }) || is_url_action(field)
            }
            UrlOnly => is_url_action(field),
            Children(kind, least, most) => field.as_array().is_some_and(|children| {
                children.iter().for_each(|child| self.object(kind, child));
                (least..=most).contains(&children.len())
            }),
            OptionId => is_option(field, parent),
            OptionIds => field
                .as_array()
                .is_some_and(|ids| ids.iter().all(|id| is_option(id, parent))),
        }
    }
}

fn is_url_action(action: &Value) -> bool {
    let fields = action.as_object().map_or(0, Map::len);
    fields == 2 && action["type"] == "url" && action["url"].as_str().is_some_and(is_https)
}

fn is_https(url: &str) -> bool {
    let local = url.starts_with("http://127.0.0.1") || url.starts_with("http://localhost");
    (url.starts_with("https://") || local) && !url.contains(char::is_whitespace)
}

fn is_option(id: &Value, parent: &Map<String, Value>) -> bool {
    let options = parent.get("options").and_then(Value::as_array);
    id.is_string()
        && options.is_some_and(|options| options.iter().any(|option| option["id"] == *id))
}
