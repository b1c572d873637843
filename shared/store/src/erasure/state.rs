//! How far an erasure has got: what a message carries from step to step.

use std::collections::{BTreeMap, BTreeSet};

use identity::{AliasKind, AliasName, Components, OrganizationId, PersonId, SessionId};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};

/// The erasure of somebody: whom, and how far it has got. Names are hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonErasure {
    pub(super) organization: OrganizationId,
    /// What began later is not touched: whoever comes back is somebody new.
    #[serde(with = "millisecond::required")]
    pub(super) erased_at: Timestamp,
    pub(super) stage: Stage,
    /// Whether it was asked for by a person, whatever they are called.
    #[serde(default)]
    pub(super) is_everybody: bool,
    /// Whether all of it has been done before.
    #[serde(default)]
    pub(super) is_second: bool,
    /// Everybody that is linked.
    #[serde(default)]
    pub(super) people: BTreeSet<PersonId>,
    /// Every alias of theirs.
    #[serde(default)]
    pub(super) names: BTreeSet<AliasName>,
    /// The very names that it was asked for by.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) asked: BTreeSet<AliasName>,
    /// What the person is called: these, and what verified statements joined with them.
    #[serde(default)]
    pub(super) own: BTreeSet<AliasName>,
    /// Those all of whose sessions go, when it was asked for by a person.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) whole: BTreeSet<PersonId>,
    /// What is one person's, as far as it has been looked up.
    #[serde(default)]
    pub(super) together: Components,
    /// The user ids that somebody trusted has said with an e-mail address.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) emails: BTreeMap<AliasName, BTreeSet<AliasName>>,
    /// Whom somebody trusted has seen in which browser. Two people may share one, so it joins nobody.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) browsers: BTreeMap<AliasName, BTreeSet<AliasName>>,
    /// What the sessions were identified by that stay.
    #[serde(default)]
    pub(super) kept: BTreeSet<AliasName>,
    /// Whose those sessions are.
    #[serde(default)]
    pub(super) kept_people: BTreeSet<PersonId>,
    /// How far the lists of `people` have been gone through.
    #[serde(default)]
    pub(super) after: Option<Place>,
}

/// What an erasure is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    /// Finding everybody who is linked.
    Gather,
    /// Finding out what the person is called.
    Look,
    /// Erasing the person's sessions.
    Erase,
    /// Erasing what Intercom said, and the aliases.
    Forget,
}

/// A place in the lists of several people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) person: PersonId,
    /// Sort key of a row.
    pub(super) sort: String,
}

/// What a step has come to.
#[derive(Debug, Clone, PartialEq)]
pub struct ErasureStep {
    /// Sessions that are to be erased before anything else is done.
    pub sessions: Vec<SessionId>,
    /// What is to be done after that; `None` when it is over.
    pub next: Option<PersonErasure>,
    /// Whether `next` is all of it once more, for what was being written at the time, and so can wait.
    pub is_second: bool,
}

impl PersonErasure {
    pub(super) fn of_name(organization: &OrganizationId, name: AliasName, now: Timestamp) -> Self {
        Self {
            names: BTreeSet::from([name.clone()]),
            asked: BTreeSet::from([name.clone()]),
            own: BTreeSet::from([name]),
            ..Self::of_nobody(organization, now)
        }
    }

    /// The erasure of a person, as of `now`, and of whom verified statements have linked with them. Of a
    /// claimed person it takes the sessions that were claimed with exactly these names.
    #[must_use]
    pub fn of_person(organization: &OrganizationId, person: &PersonId, now: Timestamp) -> Self {
        Self {
            is_everybody: true,
            people: BTreeSet::from([person.clone()]),
            ..Self::of_nobody(organization, now)
        }
    }

    /// Whose person it is.
    #[must_use]
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// Whether the next step deletes what the steps before it have learned from: sessions, which say what
    /// else the person is called, or the rows through which sessions and aliases are found. After that this
    /// value is the only way to repeat it.
    #[must_use]
    pub fn is_irrevocable(&self) -> bool {
        let begins_to_erase = self.stage == Stage::Erase && self.after.is_none();
        begins_to_erase || self.stage == Stage::Forget
    }

    /// When it was asked for.
    #[must_use]
    pub fn erased_at(&self) -> Timestamp {
        self.erased_at
    }

    /// What the person is called who goes with the next step, now that all is known and before it is
    /// forgotten; `None` as long as there is something else to do.
    #[must_use]
    pub fn to_be_forgotten(&self) -> Option<BTreeSet<AliasName>> {
        let theirs = self.own.difference(&self.kept).chain(&self.asked);
        (self.stage == Stage::Forget).then(|| theirs.cloned().collect())
    }

    fn of_nobody(organization: &OrganizationId, now: Timestamp) -> Self {
        Self {
            organization: organization.clone(),
            // As it is stored, so that what was read back is equal to what was written.
            erased_at: Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now),
            stage: Stage::Gather,
            is_everybody: false,
            is_second: false,
            people: BTreeSet::new(),
            names: BTreeSet::new(),
            asked: BTreeSet::new(),
            own: BTreeSet::new(),
            whole: BTreeSet::new(),
            together: Components::default(),
            browsers: BTreeMap::new(),
            emails: BTreeMap::new(),
            kept: BTreeSet::new(),
            kept_people: BTreeSet::new(),
            after: None,
        }
    }

    /// Takes down that these names were said together. An e-mail address beside a user id joins only what is
    /// one person's without it: two accounts may share one.
    pub(super) fn note_together(&mut self, names: BTreeSet<AliasName>) {
        let ids = names.iter().filter(|name| name.kind == AliasKind::UserId);
        let ids: BTreeSet<AliasName> = ids.cloned().collect();
        let (emails, others): (BTreeSet<_>, BTreeSet<_>) = names
            .into_iter()
            .partition(|name| name.kind == AliasKind::Email && !ids.is_empty());
        for email in emails {
            let said_with = self.emails.entry(email).or_default();
            said_with.extend(ids.iter().cloned());
        }
        self.together.add(others);
    }

    /// Whether an e-mail address was said with user ids that are several people's.
    pub(super) fn is_shared(&self, name: &AliasName) -> bool {
        let Some(ids) = self.emails.get(name) else {
            return false;
        };
        let mut one: BTreeSet<AliasName> = ids.first().cloned().into_iter().collect();
        self.together.close(&mut one);
        !ids.is_subset(&one)
    }

    /// Takes down that these people were seen in this browser.
    pub(super) fn note_browser(&mut self, browser: &AliasName, people: &BTreeSet<AliasName>) {
        let seen = self.browsers.entry(browser.clone()).or_default();
        seen.extend(people.iter().cloned());
    }

    /// Everything that the person is called, now that all is known.
    pub(super) fn close(&mut self) {
        let emails: Vec<AliasName> = self.emails.keys().cloned().collect();
        for email in emails {
            if self.is_shared(&email) {
                continue;
            }
            let ids = self.emails.get(&email).into_iter().flatten().cloned();
            let names: Vec<AliasName> = ids.chain([email.clone()]).collect();
            self.together.add(names);
        }
        self.together.close(&mut self.own);
        let own = &self.own;
        let theirs = self
            .browsers
            .iter()
            .filter(|(_, people)| !people.is_disjoint(own));
        let theirs: Vec<AliasName> = theirs.map(|(browser, _)| browser.clone()).collect();
        self.own.extend(theirs);
    }

    pub(super) fn enter(&mut self, stage: Stage) {
        self.stage = stage;
        self.after = None;
    }

    /// All of it once more.
    pub(super) fn second(self) -> Self {
        Self {
            stage: Stage::Gather,
            is_second: true,
            together: Components::default(),
            browsers: BTreeMap::new(),
            emails: BTreeMap::new(),
            kept: BTreeSet::new(),
            kept_people: BTreeSet::new(),
            after: None,
            ..self
        }
    }
}

impl ErasureStep {
    /// Nothing but going on.
    pub(super) fn go_on(next: PersonErasure) -> Self {
        Self {
            sessions: Vec::new(),
            next: Some(next),
            is_second: false,
        }
    }
}
