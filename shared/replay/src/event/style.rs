//! What style sheets say about answers that no mutation shows: menus that open because they, or what
//! stands in them, have the focus; custom elements that look otherwise in a state of their own.

use memchr::memmem;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::Tag;

/// Keys of selectors that are kept of one page.
const MAX_KEYS: usize = 64;
/// Places that are looked at in the sheets of one page or one change.
const MAX_PLACES: u32 = 10_000;
/// Bytes of a rule that are read: longer ones are no menu's.
const LONGEST_RULE: usize = 600;
/// Properties by which a style shows or hides something.
const SHOWING: [&str; 6] = [
    "display",
    "visibility",
    "opacity",
    "height",
    "transform",
    "clip",
];

/// What the style sheets of a page tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Styles {
    /// Elements that show something else while they have the focus, or something in them: see [`key`].
    pub(crate) shows_by_focus: Vec<u32>,
    /// Whether custom elements are styled by states of their own.
    pub(crate) has_states: bool,
    /// Places that were looked at.
    looked_at: u32,
}

/// Identifies the elements that a class (`.menu`), an id (`#menu`) or a tag (`li`) selects.
pub(crate) fn key(selector: &str) -> u32 {
    xxh3_64(selector.as_bytes()) as u32
}

impl Styles {
    pub(crate) fn extend(&mut self, other: &Self) {
        self.has_states |= other.has_states;
        for key in &other.shows_by_focus {
            self.add(*key);
        }
    }

    fn add(&mut self, key: u32) {
        if self.shows_by_focus.len() < MAX_KEYS && !self.shows_by_focus.contains(&key) {
            self.shows_by_focus.push(key);
        }
    }

    /// Reads a style sheet, as it stands in a recording.
    pub(crate) fn read(&mut self, sheet: &str) {
        self.has_states |= memmem::find(sheet.as_bytes(), b":state(").is_some();
        for at in memmem::find_iter(sheet.as_bytes(), b":focus") {
            if self.looked_at == MAX_PLACES {
                break;
            }
            self.looked_at += 1;
            let (before, after) = sheet.split_at(at);
            let rule = &after[":focus".len()..];
            if shows(&rule[..rule.floor_char_boundary(LONGEST_RULE)])
                && let Some(name) = last_name(before)
            {
                self.add(key(name));
            }
        }
    }
}

/// Whether the rule goes on from the focused element to another one, and shows or hides that.
fn shows(rest: &str) -> bool {
    let rest = ["-within", "-visible"]
        .iter()
        .find_map(|pseudo| rest.strip_prefix(pseudo))
        .unwrap_or(rest);
    let Some((selector, declarations)) = rest.split_once('{') else {
        return false;
    };
    let own = selector.split(',').next().unwrap_or_default();
    let goes_on = own.starts_with([' ', '>', '+', '~']) && !own.trim().is_empty();
    let declarations = declarations.split('}').next().unwrap_or_default();
    goes_on
        && SHOWING
            .iter()
            .any(|property| declarations.contains(property))
}

/// The class, id or tag with which a selector ends.
fn last_name(selector: &str) -> Option<&str> {
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
    let start = selector.trim_end_matches(is_name).len();
    let (rest, name) = selector.split_at(start);
    let with_mark = |mark: &str| rest.ends_with(mark).then(|| &selector[start - 1..]);
    let name = with_mark(".").or(with_mark("#")).unwrap_or(name);
    (!name.is_empty()).then_some(name)
}

impl Tag {
    /// The tag as selectors name it, of those that menus are made of.
    pub(crate) fn selector(self) -> Option<&'static str> {
        Some(match self {
            Self::Button => "button",
            Self::Div => "div",
            Self::ListItem => "li",
            Self::Span => "span",
            Self::Form => "form",
            Self::Label => "label",
            Self::Summary => "summary",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_menu_that_opens_by_focus_is_found_and_a_ring_is_not() {
        for (sheet, names) in [
            (".menu:focus-within .items{display:block}", &[".menu"][..]),
            ("#more:focus + ul { visibility: visible }", &["#more"]),
            ("nav li:focus-within > ul{opacity:1}", &["li"]),
            (".a:hover, .b:focus-within p{height:auto}", &[".b"]),
            (".field:focus-within{box-shadow:0 0 0 2px}", &[]),
            (".field:focus-within label{color:red}", &[]),
            ("button:focus-visible{outline:none}", &[]),
            (".a:focus-within", &[]),
        ] {
            let mut styles = Styles::default();
            styles.read(sheet);
            let expected: Vec<u32> = names.iter().map(|name| key(name)).collect();
            assert_eq!(styles.shows_by_focus, expected, "{sheet}");
        }
    }

    #[test]
    fn states_of_custom_elements_are_found() {
        let mut styles = Styles::default();
        styles.read("app-toggle:state(on){background:green}");
        assert!(styles.has_states);
    }
}
