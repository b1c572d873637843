//! The form with what an organization chose.

use pages::form::Form;
use store::{
    AllowedOrigins, ListLength, PlayerUrlTemplate, PreferenceError, RetentionDays, ShareLinkDays,
};

use super::{PostForm, origins};

/// The form and what is in it.
pub(super) struct PreferencesCard {
    pub(super) form: PostForm,
    pub(super) fields: Preferences,
}

/// The fields as they stand in the form: what is stored, or what somebody wrote and could not save.
pub(crate) struct Preferences {
    pub(super) retention_days: Field,
    pub(super) sessions_in_list: Field,
    pub(super) player_url_template: Field,
    pub(super) show_possible_matches: bool,
    pub(super) share_link_days: Field,
    pub(super) erase_deleted_contacts: bool,
    pub(super) allowed_origins: Field,
    pub(super) load_foreign_media: bool,
    pub(super) store_unmasked: bool,
}

/// One field.
#[derive(Default)]
pub(super) struct Field {
    pub(super) value: String,
    pub(super) error: Option<String>,
}

impl Preferences {
    /// What is stored.
    pub(super) fn chosen(stored: &store::Preferences) -> Self {
        let template = stored.player_url_template.as_ref();
        Self {
            retention_days: Field::of(stored.retention_days),
            sessions_in_list: Field::of(stored.sessions_in_list),
            player_url_template: template.map(Field::of).unwrap_or_default(),
            show_possible_matches: stored.show_possible_matches,
            share_link_days: Field::of(stored.share_link_days),
            erase_deleted_contacts: stored.erase_deleted_contacts,
            allowed_origins: Field::of(&stored.allowed_origins),
            load_foreign_media: stored.load_foreign_media,
            store_unmasked: stored.store_unmasked,
        }
    }

    /// What somebody sent. A field that is missing, of a page that was open before it had one, stays as it is
    /// stored.
    ///
    /// # Errors
    /// The fields as they were sent, when one of them cannot be: each says what is wrong with it.
    pub(crate) fn read(
        form: &Form,
        stored: &store::Preferences,
    ) -> Result<store::Preferences, Box<Self>> {
        let mut fields = Self {
            show_possible_matches: form.is_checked("show_possible_matches"),
            erase_deleted_contacts: form.is_checked("erase_deleted_contacts"),
            load_foreign_media: form.is_checked("load_foreign_media"),
            store_unmasked: form.is_checked("store_unmasked"),
            ..Self::chosen(stored)
        };
        let retention = fields
            .retention_days
            .read(form, "retention_days", RetentionDays::parse);
        let sessions = fields
            .sessions_in_list
            .read(form, "sessions_in_list", ListLength::parse);
        let template = fields
            .player_url_template
            .read(form, "player_url_template", |text| match text {
                "" => Ok(None),
                text => PlayerUrlTemplate::parse(text).map(Some),
            });
        let share_links =
            fields
                .share_link_days
                .read(form, "share_link_days", ShareLinkDays::parse);
        let origins = fields
            .allowed_origins
            .read(form, "allowed_origins", AllowedOrigins::parse);
        match (retention, sessions, template, share_links, origins) {
            (
                Some(retention_days),
                Some(sessions_in_list),
                Some(player_url_template),
                Some(share_link_days),
                Some(allowed_origins),
            ) => Ok(store::Preferences {
                sessions_in_list,
                player_url_template,
                retention_days,
                show_possible_matches: fields.show_possible_matches,
                share_link_days,
                erase_deleted_contacts: fields.erase_deleted_contacts,
                allowed_origins,
                // Chosen in another form.
                require_signatures: stored.require_signatures,
                load_foreign_media: fields.load_foreign_media,
                store_unmasked: fields.store_unmasked,
            }),
            _ => Err(Box::new(fields)),
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        let fields = [
            &self.retention_days,
            &self.sessions_in_list,
            &self.player_url_template,
            &self.share_link_days,
            &self.allowed_origins,
        ];
        fields.iter().any(|field| field.error.is_some())
    }

    /// Whether every site may record.
    pub(super) fn has_no_origins(&self) -> bool {
        self.allowed_origins.value.trim().is_empty()
    }

    /// What can be chosen, days, and which of it is.
    pub(super) fn retention_choices(&self) -> [(u32, bool); 3] {
        RetentionDays::CHOICES.map(|days| (days, self.retention_days.value == days.to_string()))
    }

    /// The same of links.
    pub(super) fn share_link_choices(&self) -> [(u32, bool); 3] {
        ShareLinkDays::CHOICES.map(|days| (days, self.share_link_days.value == days.to_string()))
    }
}

impl Field {
    fn of(value: impl ToString) -> Self {
        Self {
            value: value.to_string(),
            error: None,
        }
    }

    /// Takes what was sent under a name, and what it parses to.
    fn read<T>(
        &mut self,
        form: &Form,
        name: &str,
        parse: impl Fn(&str) -> Result<T, PreferenceError>,
    ) -> Option<T> {
        if let Some(sent) = form.get(name) {
            self.value = sent.to_owned();
        }
        let parsed = parse(&self.value);
        self.error = parsed.as_ref().err().map(|error| match error {
            PreferenceError::AllowedOrigins => origins::what_is_wrong(&self.value),
            error => error.to_string(),
        });
        parsed.ok()
    }
}
