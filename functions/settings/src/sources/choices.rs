//! The form with a source's name and settings.

use pages::form::Form;
use serde_json::{Value, json};
use store::{Source, SourceChoices};
use tracking::{Nested, SettingsError, SourceSettings, Unknown};

/// Longest name of a source, characters.
const MAX_NAME_CHARS: usize = 100;

/// Checkboxes: the setting, what it is called, what it does.
const SWITCHES: [(&str, &str, &str); 5] = [
    (
        "update_last_seen",
        "An identify says that the person was there just now",
        "Sets Last seen to the time of the event, unless the event says context.active: false.",
    ),
    (
        "include_context",
        "Keep what the client says about network, browser, device and app",
        "As custom attributes of the contact. Leave it off unless somebody needs them: each is one of 250.",
    ),
    (
        "anonymous_id_as_user_id",
        "Know people without a user id by their anonymous id",
        "Otherwise an event that names nobody is dropped. Every visitor becomes a contact, which Intercom may bill.",
    ),
    (
        "create_from_claims",
        "Let a browser's claims create contacts",
        "What only a browser says is a claim: anybody may say it. Claims never change the e-mail or the user id of a contact that is there.",
    ),
    (
        "delete_in_intercom",
        "Delete people in Intercom when they are erased here",
        "For good, and their conversations with them.",
    ),
];

/// The fields as they stand in the form: what is stored, or what somebody wrote and could not save.
pub(super) struct Choices {
    pub(super) name: Field,
    pub(super) switches: Vec<Switch>,
    pub(super) nested: Select,
    pub(super) unknown_attributes: Select,
    pub(super) unknown_person: Select,
    pub(super) wait_seconds: Field,
    pub(super) allow: Field,
    pub(super) deny: Field,
    pub(super) rich_links: Field,
    pub(super) currency: Field,
    pub(super) protected_attributes: Field,
}

/// One field.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) error: Option<String>,
}

/// One checkbox.
pub(super) struct Switch {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) is_on: bool,
}

/// A choice of some.
pub(super) struct Select {
    pub(super) name: &'static str,
    pub(super) options: Vec<(&'static str, &'static str, bool)>,
}

impl Choices {
    /// What is stored. Settings that cannot be read any more show as their defaults.
    pub(super) fn stored(source: &Source) -> Self {
        let settings = SourceSettings::parse(&source.settings).unwrap_or_default();
        Self::of(&source.name, &settings)
    }

    fn of(name: &str, settings: &SourceSettings) -> Self {
        let on = [
            settings.update_last_seen,
            settings.include_context,
            settings.anonymous_id_as_user_id,
            settings.create_from_claims,
            settings.delete_in_intercom,
        ];
        let switches = SWITCHES.into_iter().zip(on);
        let is_drop = |choice| choice == Unknown::Drop;
        let lines = |names: &[String]| names.join("\n");
        Self {
            name: Field::new("name", name),
            switches: switches.map(Switch::new).collect(),
            nested: Select::new(
                "nested",
                ["Leave them out", "Flatten them: address_city"],
                ["drop", "flatten"],
                settings.nested == Nested::Flatten,
            ),
            unknown_attributes: Select::new(
                "unknown_attributes",
                ["Create them in Intercom", "Leave them out"],
                ["create", "drop"],
                is_drop(settings.unknown_attributes),
            ),
            unknown_person: Select::new(
                "unknown_person",
                ["Create the contact", "Drop the event"],
                ["create", "drop"],
                is_drop(settings.unknown_person),
            ),
            wait_seconds: Field::new("wait_seconds", &settings.wait_seconds.to_string()),
            allow: Field::new(
                "allow",
                &lines(settings.events.allow.as_deref().unwrap_or_default()),
            ),
            deny: Field::new("deny", &lines(&settings.events.deny)),
            rich_links: Field::new("rich_links", &lines(&settings.rich_links)),
            currency: Field::new("currency", &settings.currency),
            protected_attributes: Field::new(
                "protected_attributes",
                &lines(&settings.protected_attributes),
            ),
        }
    }

    /// What somebody sent. A field that is missing, of a page that was open before it had one, stays as it is
    /// stored.
    ///
    /// # Errors
    /// The fields as they were sent, when one of them cannot be: each says what is wrong with it.
    pub(super) fn read(form: &Form, source: &Source) -> Result<SourceChoices, Box<Self>> {
        let mut choices = Self::stored(source);
        for field in choices.fields() {
            field.read(form);
        }
        for switch in &mut choices.switches {
            switch.is_on = form.is_checked(switch.name);
        }
        for select in choices.selects() {
            select.read(form);
        }
        let is_named = (1..=MAX_NAME_CHARS).contains(&choices.name.value.chars().count());
        if !is_named {
            let rule = format!("A name of 1 to {MAX_NAME_CHARS} characters.");
            choices.name.error = Some(rule);
        }
        let settings = choices.settings();
        match SourceSettings::parse(&settings) {
            Ok(_) if is_named => Ok(SourceChoices {
                name: choices.name.value,
                workspace: source.workspace.clone(),
                settings,
            }),
            Ok(_) => Err(Box::new(choices)),
            Err(error) => {
                choices.blame(&error);
                Err(Box::new(choices))
            }
        }
    }

    /// The settings as the API has them. Of events, an empty list of those that are allowed allows all.
    fn settings(&self) -> Value {
        let mut settings = json!({
            "nested": self.nested.chosen(), "unknown_attributes": self.unknown_attributes.chosen(),
            "unknown_person": self.unknown_person.chosen(), "currency": self.currency.value,
            "rich_links": self.rich_links.lines(), "protected_attributes": self.protected_attributes.lines(),
            "events": { "deny": self.deny.lines() },
        });
        let seconds = self.wait_seconds.value.parse::<u32>();
        settings["wait_seconds"] = seconds.map_or(Value::Null, Value::from);
        let allow = self.allow.lines();
        if !allow.is_empty() {
            settings["events"]["allow"] = json!(allow);
        }
        for switch in &self.switches {
            settings[switch.name] = json!(switch.is_on);
        }
        settings
    }

    fn blame(&mut self, error: &SettingsError) {
        let SettingsError::Invalid { setting, rule } = error else {
            return;
        };
        let setting = if *setting == "events" {
            "deny"
        } else {
            setting
        };
        for field in self.fields() {
            if field.name == setting {
                field.error = Some(format!("It must be {rule}."));
            }
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        let fields = [
            &self.name,
            &self.wait_seconds,
            &self.allow,
            &self.deny,
            &self.rich_links,
            &self.currency,
            &self.protected_attributes,
        ];
        fields.iter().any(|field| field.error.is_some())
    }

    fn fields(&mut self) -> [&mut Field; 7] {
        [
            &mut self.name,
            &mut self.wait_seconds,
            &mut self.allow,
            &mut self.deny,
            &mut self.rich_links,
            &mut self.currency,
            &mut self.protected_attributes,
        ]
    }

    fn selects(&mut self) -> [&mut Select; 3] {
        [
            &mut self.nested,
            &mut self.unknown_attributes,
            &mut self.unknown_person,
        ]
    }
}

impl Field {
    fn new(name: &'static str, value: &str) -> Self {
        Self {
            name,
            value: value.to_owned(),
            error: None,
        }
    }

    fn read(&mut self, form: &Form) {
        if let Some(sent) = form.get(self.name) {
            sent.clone_into(&mut self.value);
        }
    }

    /// Those with something in them.
    fn lines(&self) -> Vec<&str> {
        let lines = self.value.lines().map(str::trim);
        lines.filter(|line| !line.is_empty()).collect()
    }
}

impl Switch {
    fn new(
        ((name, label, hint), is_on): ((&'static str, &'static str, &'static str), bool),
    ) -> Self {
        Self {
            name,
            label,
            hint,
            is_on,
        }
    }
}

impl Select {
    fn new(
        name: &'static str,
        labels: [&'static str; 2],
        values: [&'static str; 2],
        is_second: bool,
    ) -> Self {
        let options = labels.into_iter().zip(values).zip([!is_second, is_second]);
        let options = options.map(|((label, value), is_chosen)| (value, label, is_chosen));
        Self {
            name,
            options: options.collect(),
        }
    }

    fn read(&mut self, form: &Form) {
        let sent = form.get(self.name);
        if let Some(sent) = sent.filter(|sent| self.options.iter().any(|option| option.0 == *sent))
        {
            for option in &mut self.options {
                option.2 = option.0 == sent;
            }
        }
    }

    fn chosen(&self) -> &'static str {
        let mut options = self.options.iter();
        options
            .find(|option| option.2)
            .map_or("", |option| option.0)
    }
}
