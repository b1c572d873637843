//! What a source's owner decides.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Longest list of names, and longest name in it, characters: a settings page has no use for more.
const MAX_NAMES: usize = 500;
const MAX_NAME_CHARS: usize = 255;
/// Longest that an event waits for its person, seconds: a day.
const MAX_WAIT_SECONDS: u32 = 86_400;

/// The settings of a source. Each has a default, so that `{}` is a source's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceSettings {
    /// Whether network address, browser, device, system and app become custom attributes.
    pub include_context: bool,
    /// Whether somebody without a user id and an address is known by the client's id of the browser.
    pub anonymous_id_as_user_id: bool,
    /// What becomes of lists and objects, which Intercom cannot hold.
    pub nested: Nested,
    /// Whether an identify says that the person was there just now.
    pub update_last_seen: bool,
    /// What becomes of custom attributes that the workspace does not know.
    pub unknown_attributes: Unknown,
    /// What becomes of events whose person is still unknown when the waiting is over.
    pub unknown_person: Unknown,
    /// How long events wait for their person.
    pub wait_seconds: u32,
    /// Whether somebody whose name a browser claims may become a contact.
    pub create_from_claims: bool,
    /// Which events are delivered.
    pub events: EventNames,
    /// Properties whose `url` and `value` become a link.
    pub rich_links: Vec<String>,
    /// The currency of revenue that says none.
    pub currency: String,
    /// Attributes that a claim does not change.
    pub protected_attributes: Vec<String>,
    /// Whether somebody who is erased here is deleted at Intercom too.
    pub delete_in_intercom: bool,
}

/// What becomes of lists and objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nested {
    /// They are left out.
    Drop,
    /// Each value in them gets a name of its own: `address_city`.
    Flatten,
}

/// What becomes of what Intercom does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unknown {
    /// It is created.
    Create,
    /// It is dropped.
    Drop,
}

/// Names of events; letters count in any case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EventNames {
    /// Only these, if there is a list.
    pub allow: Option<Vec<String>>,
    /// None of these.
    pub deny: Vec<String>,
}

/// Why something is no source's settings. Safe to show: it repeats nothing that was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// There is a name that no setting has.
    #[error("there is a setting that is not known; known are {}", NAMES.join(", "))]
    Unknown,
    /// A setting has a value that it cannot have.
    #[error("{setting} must be {rule}")]
    Invalid {
        /// Which one.
        setting: &'static str,
        /// What it can be.
        rule: &'static str,
    },
}

const NAMES: [&str; 13] = [
    "include_context",
    "anonymous_id_as_user_id",
    "nested",
    "update_last_seen",
    "unknown_attributes",
    "unknown_person",
    "wait_seconds",
    "create_from_claims",
    "events",
    "rich_links",
    "currency",
    "protected_attributes",
    "delete_in_intercom",
];

impl Default for SourceSettings {
    fn default() -> Self {
        Self {
            include_context: false,
            anonymous_id_as_user_id: false,
            nested: Nested::Drop,
            update_last_seen: true,
            unknown_attributes: Unknown::Create,
            unknown_person: Unknown::Create,
            wait_seconds: 600,
            create_from_claims: true,
            events: EventNames::default(),
            rich_links: Vec::new(),
            currency: "usd".to_owned(),
            protected_attributes: Vec::new(),
            delete_in_intercom: false,
        }
    }
}

impl SourceSettings {
    /// Settings from outside; what is not said has its default.
    ///
    /// # Errors
    /// [`SettingsError`] for the first setting that is unknown, or cannot have its value.
    pub fn parse(value: &Value) -> Result<Self, SettingsError> {
        let invalid = |setting, rule| SettingsError::Invalid { setting, rule };
        let object = value.as_object().ok_or(invalid("settings", "an object"))?;
        if object.keys().any(|key| !NAMES.contains(&key.as_str())) {
            return Err(SettingsError::Unknown);
        }
        let read = Read(object);
        let default = Self::default();
        let create_or_drop = "\"create\" or \"drop\"";
        let settings = Self {
            include_context: read.flag("include_context", default.include_context)?,
            anonymous_id_as_user_id: read
                .flag("anonymous_id_as_user_id", default.anonymous_id_as_user_id)?,
            nested: read.one("nested", default.nested, "\"drop\" or \"flatten\"")?,
            update_last_seen: read.flag("update_last_seen", default.update_last_seen)?,
            unknown_attributes: read.one(
                "unknown_attributes",
                default.unknown_attributes,
                create_or_drop,
            )?,
            unknown_person: read.one("unknown_person", default.unknown_person, create_or_drop)?,
            wait_seconds: read.one("wait_seconds", default.wait_seconds, "0 to 86400 seconds")?,
            create_from_claims: read.flag("create_from_claims", default.create_from_claims)?,
            events: read.events()?,
            rich_links: read.names("rich_links")?,
            currency: read.one("currency", default.currency, "three letters")?,
            protected_attributes: read.names("protected_attributes")?,
            delete_in_intercom: read.flag("delete_in_intercom", default.delete_in_intercom)?,
        };
        if settings.wait_seconds > MAX_WAIT_SECONDS {
            return Err(invalid("wait_seconds", "0 to 86400 seconds"));
        }
        if settings.currency.len() != 3
            || !settings
                .currency
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic())
        {
            return Err(invalid("currency", "three letters"));
        }
        Ok(settings)
    }
}

impl EventNames {
    /// Whether an event of that name is delivered.
    pub(crate) fn accept(&self, name: &str) -> Result<(), crate::DropReason> {
        let is_in = |names: &[String]| {
            let name = name.to_lowercase();
            names
                .iter()
                .any(|listed| listed.trim().to_lowercase() == name)
        };
        if !self.deny.is_empty() && is_in(&self.deny) {
            return Err(crate::DropReason::EventDenied);
        }
        match &self.allow {
            Some(allowed) if !is_in(allowed) => Err(crate::DropReason::EventNotAllowed),
            _ => Ok(()),
        }
    }
}

/// Reads settings one by one.
struct Read<'a>(&'a Map<String, Value>);

impl Read<'_> {
    fn one<T: serde::de::DeserializeOwned>(
        &self,
        setting: &'static str,
        default: T,
        rule: &'static str,
    ) -> Result<T, SettingsError> {
        match self.0.get(setting) {
            None => Ok(default),
            Some(value) => {
                T::deserialize(value).map_err(|_| SettingsError::Invalid { setting, rule })
            }
        }
    }

    fn flag(&self, setting: &'static str, default: bool) -> Result<bool, SettingsError> {
        self.one(setting, default, "true or false")
    }

    fn names(&self, setting: &'static str) -> Result<Vec<String>, SettingsError> {
        let rule = "a list of at most 500 names of at most 255 characters";
        let names: Vec<String> = self.one(setting, Vec::new(), rule)?;
        are_short(&names)
            .then_some(names)
            .ok_or(SettingsError::Invalid { setting, rule })
    }

    fn events(&self) -> Result<EventNames, SettingsError> {
        let setting = "events";
        let rule = "{\"allow\": null or a list of names, \"deny\": a list of names}, with at most 500 names each";
        let invalid = SettingsError::Invalid { setting, rule };
        let is_known = |key: &String| key == "allow" || key == "deny";
        let is_one = |value: &Value| {
            value
                .as_object()
                .is_some_and(|keys| keys.keys().all(is_known))
        };
        if !self.0.get(setting).is_none_or(is_one) {
            return Err(invalid);
        }
        let events: EventNames = self.one(setting, EventNames::default(), rule)?;
        let allow = events.allow.as_deref().unwrap_or_default();
        let fits = are_short(allow) && are_short(&events.deny);
        fits.then_some(events).ok_or(invalid)
    }
}

fn are_short(names: &[String]) -> bool {
    names.len() <= MAX_NAMES
        && names
            .iter()
            .all(|name| name.chars().count() <= MAX_NAME_CHARS)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_said_has_its_default() {
        assert_eq!(
            SourceSettings::parse(&json!({})),
            Ok(SourceSettings::default())
        );
        let said = json!({ "nested": "flatten", "events": { "allow": ["A"] }, "wait_seconds": 0 });
        let settings = SourceSettings::parse(&said).unwrap();
        assert_eq!(
            (settings.nested, settings.wait_seconds),
            (Nested::Flatten, 0)
        );
        assert_eq!(
            settings.events.allow.as_deref(),
            Some(["A".to_owned()].as_slice())
        );
        assert!(settings.update_last_seen);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let settings = SourceSettings::default();
        let written = serde_json::to_value(&settings).unwrap();
        assert_eq!(written["events"], json!({ "allow": null, "deny": [] }));
        assert_eq!(written.as_object().unwrap().len(), NAMES.len());
        assert_eq!(SourceSettings::parse(&written), Ok(settings));
    }

    #[test]
    fn what_cannot_be_is_refused_by_its_name() {
        let many = vec!["a"; MAX_NAMES + 1];
        for (settings, expected) in [
            (json!([]), "settings"),
            (json!({ "include_context": "yes" }), "include_context"),
            (json!({ "nested": "stringify" }), "nested"),
            (json!({ "unknown_person": "wait" }), "unknown_person"),
            (json!({ "wait_seconds": -1 }), "wait_seconds"),
            (json!({ "wait_seconds": 86_401 }), "wait_seconds"),
            (json!({ "currency": "euro" }), "currency"),
            (json!({ "rich_links": many }), "rich_links"),
            (
                json!({ "protected_attributes": ["x".repeat(256)] }),
                "protected_attributes",
            ),
            (json!({ "events": { "only": [] } }), "events"),
            (json!({ "events": { "deny": null } }), "events"),
            (json!({ "events": [] }), "events"),
        ] {
            let refused = SourceSettings::parse(&settings).unwrap_err().to_string();
            assert!(
                refused.starts_with(&format!("{expected} must be ")),
                "{settings}: {refused}"
            );
        }
        let unknown = SourceSettings::parse(&json!({ "colour": 1 }));
        assert_eq!(unknown, Err(SettingsError::Unknown));
    }
}
