//! How surely sessions are the contact's: said above them, and on each of them that is less sure than the
//! others.

use identity::cluster::MAX_PEOPLE;
use identity::matching::{PossibleMatch, Reason};
use identity::{AliasKind, PersonId};
use intercom::canvas::{Markdown, Text};
use pages::words;
use store::{ContactLookup, Preferences};

/// What ties the people whose sessions are shown to the contact.
#[derive(Debug, Default)]
pub(crate) struct MatchEvidence {
    /// Which of the contact's aliases lead to somebody for certain.
    pub(crate) certain: Vec<AliasKind>,
    /// What tells several people apart where they lead to more than one; `None` when all may be the same
    /// person.
    pub(crate) conflict: Option<AliasKind>,
    /// The people that only an e-mail address leads to which nobody has verified.
    pub(crate) unverified: Vec<PersonId>,
    /// The session that fits the moment at which the contact wrote. Only where nothing is certain.
    pub(crate) possible: Option<PossibleMatch>,
}

impl MatchEvidence {
    /// What is known of a contact, and of whom: everybody whose sessions are to be shown.
    pub(crate) fn of(lookup: &ContactLookup, preferences: &Preferences) -> (Self, Vec<PersonId>) {
        let certain = lookup.people();
        let possible = lookup.contact.possible.as_ref();
        let possible = possible.filter(|_| certain.is_empty() && preferences.show_possible_matches);
        let evidence = Self {
            certain: lookup.matches.iter().map(|found| found.kind).collect(),
            conflict: lookup.conflict,
            unverified: lookup.unverified.clone(),
            possible: possible.cloned(),
        };
        // Nobody is read of more than so many: the surest first.
        let possible = possible.map(|possible| possible.person.clone());
        let everybody = certain
            .into_iter()
            .chain(possible)
            .chain(lookup.unverified.iter().cloned());
        (evidence, everybody.take(MAX_PEOPLE).collect())
    }

    /// What has to be known before anything is told: that none of it is certain.
    pub(crate) fn notice(&self) -> Option<Text> {
        let possible = self.possible.as_ref().map(possible_notice);
        possible.or_else(|| self.conflict_notice("these sessions"))
    }

    /// `Matched by user ID and email`; `None` when all there is is a possible match.
    pub(crate) fn matched(&self) -> Option<Text> {
        let certain = words::alias_kinds(self.certain.iter().copied());
        let matched = match (certain.as_str(), self.unverified.is_empty()) {
            ("", true) => return None,
            ("", false) => "Matched by email, not verified".to_owned(),
            (certain, true) => format!("Matched by {certain}"),
            (certain, false) => format!("Matched by {certain}; some by email, not verified"),
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
        match self.doubt(person) {
            Some(Doubt::Possible(possible)) => Some(possible_notice(possible)),
            Some(Doubt::Unverified) => {
                let notice = Markdown::new().bold("Matched by email, not verified");
                Some(Text::paragraph(
                    notice.plain(": this session may be somebody else’s."),
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
        })
    }

    /// Whether what this person does is certainly what the contact does.
    pub(crate) fn is_certain(&self, person: &PersonId) -> bool {
        self.conflict.is_none() && self.doubt(person).is_none()
    }

    fn doubt(&self, person: &PersonId) -> Option<Doubt<'_>> {
        let possible = self.possible.as_ref();
        match possible.filter(|possible| possible.person == *person) {
            Some(possible) => Some(Doubt::Possible(possible)),
            None => self
                .unverified
                .contains(person)
                .then_some(Doubt::Unverified),
        }
    }

    fn conflict_notice(&self, what: &str) -> Option<Text> {
        self.conflict?;
        let names = self.certain.iter().copied().filter(|kind| is_name(*kind));
        let names = words::alias_kinds(names);
        let shared = match names.as_str() {
            "" => "Several people used this browser".to_owned(),
            names => format!("Several people share this {names}"),
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
