//! How surely sessions are the contact's: said above them, and on each of them that is less sure than the
//! others.

use std::collections::BTreeSet;

use identity::cluster::MAX_PEOPLE;
use identity::matching::{PossibleMatch, Reason};
use identity::{AliasKind, PersonId};
use intercom::canvas::{Markdown, Text};
use pages::words;
use store::{AliasMatch, ContactLookup, Preferences};

/// What ties the people whose sessions are shown to the contact.
#[derive(Debug, Default)]
pub(crate) struct MatchEvidence {
    /// Which of the contact's aliases lead to somebody for certain.
    pub(crate) certain: Vec<AliasKind>,
    /// Whether somebody trusted has said whose the sessions of some of these are.
    pub(crate) is_verified: bool,
    /// Which of them lead to somebody by what anybody may have said.
    pub(crate) claimed: Vec<AliasKind>,
    /// The people that nothing but claims lead to.
    pub(crate) claimants: Vec<PersonId>,
    /// Browsers among them that somebody else is claimed to use as well.
    pub(crate) shared: BTreeSet<PersonId>,
    /// What tells several people apart where they lead to more than one; `None` when all may be the same
    /// person.
    pub(crate) conflict: Option<AliasKind>,
    /// The people that only an e-mail address leads to which nobody has verified.
    pub(crate) unverified: Vec<PersonId>,
    /// The session that fits the moment at which the contact wrote. Only where nothing is certain.
    pub(crate) possible: Option<PossibleMatch>,
}

/// Whose sessions are to be shown.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ShownPeople {
    /// Those whose sessions come first.
    pub(crate) first: Vec<PersonId>,
    /// Those whose sessions come after all of these: whoever has the public write key can say they are the
    /// contact's.
    pub(crate) after: Vec<PersonId>,
}

impl ShownPeople {
    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_empty() && self.after.is_empty()
    }

    /// Everybody, the surest first.
    pub(crate) fn everybody(&self) -> Vec<PersonId> {
        self.first.iter().chain(&self.after).cloned().collect()
    }
}

impl MatchEvidence {
    /// What is known of a contact, and of whom: everybody whose sessions are to be shown. Nobody is read of
    /// more than so many: the surest first.
    pub(crate) fn of(lookup: &ContactLookup, preferences: &Preferences) -> (Self, ShownPeople) {
        let certain = lookup.people();
        let claimants = lookup.claimed_people();
        let possible = lookup.contact.possible.as_ref();
        let possible = possible.filter(|_| certain.is_empty() && preferences.show_possible_matches);
        let kinds = |matches: &[AliasMatch]| matches.iter().map(|found| found.kind).collect();
        let evidence = Self {
            certain: kinds(&lookup.matches),
            is_verified: certain.iter().any(PersonId::is_verified),
            claimed: kinds(&lookup.claims),
            claimants: claimants.clone(),
            shared: lookup.shared.clone(),
            conflict: lookup.conflict,
            unverified: lookup.unverified.clone(),
            possible: possible.cloned(),
        };
        let doubtful = claimants
            .into_iter()
            .chain(lookup.unverified.iter().cloned());
        let people = match evidence.is_verified {
            false => {
                let possible = possible.map(|possible| possible.person.clone());
                let all = certain.into_iter().chain(possible).chain(doubtful);
                ShownPeople {
                    first: all.take(MAX_PEOPLE).collect(),
                    after: Vec::new(),
                }
            }
            true => ShownPeople {
                after: doubtful
                    .take(MAX_PEOPLE.saturating_sub(certain.len()))
                    .collect(),
                first: certain,
            },
        };
        (evidence, people)
    }

    /// Whether all that is shown is the contact's, as far as is known.
    pub(crate) fn is_one_person(&self) -> bool {
        self.conflict.is_none() && self.possible.is_none()
    }

    /// What has to be known before anything is told: that none of it is certain.
    pub(crate) fn notice(&self) -> Option<Text> {
        let possible = self.possible.as_ref().map(possible_notice);
        possible.or_else(|| self.conflict_notice("these sessions"))
    }

    /// What [`Self::matched`] says, where it may be wrong: a teammate who reads on has to know.
    pub(crate) fn doubtful(&self) -> Option<Text> {
        let is_doubtful =
            !self.claimants.is_empty() || !self.unverified.is_empty() || self.conflict.is_some();
        self.matched().filter(|_| is_doubtful)
    }

    /// How a session of this person was found, where that is certain: `Matched by user ID and email`
    pub(crate) fn matched_for_certain(&self, person: &PersonId) -> Option<Text> {
        let certain = words::alias_kinds(self.certain.iter().copied());
        let is_certain = self.doubt(person).is_none() && !certain.is_empty();
        is_certain.then(|| Text::muted(format!("Matched by {certain}")))
    }

    /// `Matched by user ID and email`; `None` when all there is is a possible match.
    pub(crate) fn matched(&self) -> Option<Text> {
        let certain = words::alias_kinds(self.certain.iter().copied());
        let mut doubtful = match self.claimants.is_empty() {
            true => Vec::new(),
            false => self.claimed.clone(),
        };
        if !self.unverified.is_empty() && !doubtful.contains(&AliasKind::Email) {
            doubtful.push(AliasKind::Email);
        }
        let doubtful = words::alias_kinds(doubtful);
        let matched = match (certain.as_str(), doubtful.as_str()) {
            ("", "") => return None,
            ("", doubtful) => format!("Matched by {doubtful}, not verified"),
            (certain, "") => format!("Matched by {certain}"),
            (certain, doubtful) => {
                format!("Matched by {certain}; some by {doubtful}, not verified")
            }
        };
        Some(Text::muted(match self.conflict {
            Some(kind) => {
                let kind = words::alias_kind(kind);
                format!("{matched}; recorded with more than one {kind}")
            }
            None => matched,
        }))
    }

    /// What stands above the details of a session of this person, if there is something to be said.
    pub(crate) fn note(&self, person: &PersonId) -> Option<Text> {
        let unverified = |matched: &str| {
            let notice = Markdown::new().bold(&format!("Matched by {matched}, not verified"));
            Text::paragraph(notice.plain(": this session may be somebody else’s."))
        };
        match self.doubt(person) {
            Some(Doubt::Possible(possible)) => Some(possible_notice(possible)),
            Some(Doubt::Unverified) => Some(unverified("email")),
            Some(Doubt::Claimed) => {
                let claimed = words::alias_kinds(self.claimed.iter().copied());
                Some(unverified(&claimed))
            }
            Some(Doubt::SharedBrowser) => {
                let notice = Markdown::new().bold("Several people used this browser");
                Some(Text::paragraph(
                    notice.plain(": this session may be any of theirs."),
                ))
            }
            None => self.conflict_notice("this session"),
        }
    }

    /// What a session of this person is marked with; `None` when it is as certain as any.
    pub(crate) fn mark(&self, person: &PersonId) -> Option<&'static str> {
        self.doubt(person).map(|doubt| match doubt {
            Doubt::Possible(_) => "possible match",
            Doubt::Unverified => "unverified email",
            Doubt::Claimed => "not verified",
            Doubt::SharedBrowser => "shared browser",
        })
    }

    /// Whether what this person does may be told as what the contact does: it is certain, or nothing is
    /// verified.
    pub(crate) fn is_telling(&self, person: &PersonId) -> bool {
        let is_telling = match self.doubt(person) {
            None => true,
            Some(Doubt::Claimed) => !self.is_verified,
            Some(_) => false,
        };
        self.conflict.is_none() && is_telling
    }

    fn doubt(&self, person: &PersonId) -> Option<Doubt<'_>> {
        let possible = self.possible.as_ref();
        if let Some(possible) = possible.filter(|possible| possible.person == *person) {
            return Some(Doubt::Possible(possible));
        }
        if self.claimants.contains(person) {
            return Some(match self.shared.contains(person) {
                true => Doubt::SharedBrowser,
                false => Doubt::Claimed,
            });
        }
        self.unverified
            .contains(person)
            .then_some(Doubt::Unverified)
    }

    fn conflict_notice(&self, what: &str) -> Option<Text> {
        let apart = self.conflict?;
        let found = match self.certain.is_empty() {
            true => &self.claimed,
            false => &self.certain,
        };
        // What tells them apart is not what they share, even if it is what the contact was found by.
        let names = found
            .iter()
            .filter(|kind| is_name(**kind) && **kind != apart);
        let names = words::alias_kinds(names.copied());
        let shared = match (names.as_str(), found.contains(&apart), apart) {
            ("", true, AliasKind::UserId) => {
                "Several people share an email or browser with this user ID".to_owned()
            }
            ("", true, apart) => {
                let apart = words::alias_kind(apart);
                format!("Several people share a browser with this {apart}")
            }
            ("", false, _) => "Several people used this browser".to_owned(),
            (names, ..) => format!("Several people share this {names}"),
        };
        let notice = Markdown::new().bold(&shared);
        Some(Text::paragraph(
            notice.plain(&format!(": {what} may be any of theirs.")),
        ))
    }
}

/// Why a session may not be the contact's.
enum Doubt<'a> {
    Possible(&'a PossibleMatch),
    Unverified,
    Claimed,
    SharedBrowser,
}

/// Whether such an alias is a person's rather than a browser's.
fn is_name(kind: AliasKind) -> bool {
    matches!(kind, AliasKind::UserId | AliasKind::Email)
}

/// `Possible match (80%): same page at that moment, same browser. It may be somebody else’s.`
fn possible_notice(possible: &PossibleMatch) -> Text {
    let confidence = format!("Possible match ({}%)", possible.confidence);
    let notice = Markdown::new().bold(&confidence);
    let reasons = reasons(&possible.reasons);
    let notice = match reasons.as_str() {
        "" => notice,
        reasons => notice.plain(&format!(": {reasons}")),
    };
    Text::paragraph(notice.plain(". It may be somebody else’s."))
}

/// `same page at that moment, active then, same browser and language`
fn reasons(reasons: &[Reason]) -> String {
    let holds = |reason: &Reason| reasons.contains(reason);
    let moment = [
        (Reason::SamePage, "same page at that moment"),
        (Reason::ActiveThen, "active then"),
    ];
    let client = [
        (Reason::SameBrowser, "browser"),
        (Reason::SameVersion, "version"),
        (Reason::SameSystem, "system"),
        (Reason::SameLanguage, "language"),
    ];
    let known = |(reason, words)| holds(&reason).then_some(words);
    let mut parts: Vec<String> = moment
        .into_iter()
        .filter_map(known)
        .map(str::to_owned)
        .collect();
    let client = words::enumeration(client.into_iter().filter_map(known));
    if !client.is_empty() {
        parts.push(format!("same {client}"));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests;
