//! Why events wait, are dropped or fail, and what of them was left out, in an admin's words.

use outbox::HoldReason;
use tracking::DropReason;

/// Other reasons than those of [`DropReason`] and [`HoldReason`], by the words that the API has for them.
const REASONS: [(&str, &str); 16] = [
    (
        "no_workspace",
        "The source says no workspace, and the organization has several. Say which one by the API.",
    ),
    (
        "signature_invalid",
        "The event is signed, and the signature fits none of your secrets.",
    ),
    (
        "signature_required",
        "Your settings require signatures, and this event names somebody without one.",
    ),
    (
        "unknown_person",
        "Intercom does not know this person, and no identify has come for them yet.",
    ),
    (
        "intercom_unavailable",
        "Intercom does not answer, or fails. It is tried again, with growing waits.",
    ),
    (
        "source_deleted",
        "The source was deleted before the event was told.",
    ),
    ("sent_again", "Somebody asked to send it again."),
    (
        "claim_of_unknown_person",
        "Only a browser says who this is, nobody knows them, and the source makes no contacts of claims.",
    ),
    (
        "claim_of_archived_person",
        "Only a browser says who this is, and the contact is archived: a claim does not bring them back.",
    ),
    (
        "claim_of_another_id",
        "Only a browser says that somebody has another user id, or has for an anonymous id what is one: a claim is not enough.",
    ),
    (
        "claim_of_unknown_company",
        "Only a browser says this of a company, nobody knows it, and the source makes none of claims.",
    ),
    (
        "claim_of_leaving_company",
        "Only a browser says that somebody has left a company: a claim removes nobody.",
    ),
    (
        "claim_of_unknown_event",
        "Only a browser sends events of this name, and Intercom takes few more names. List it in the settings.",
    ),
    (
        "conflict",
        "The user id and the e-mail address belong to two contacts.",
    ),
    (
        "contact_not_restorable",
        "The contact is being deleted in Intercom, which does not bring it back.",
    ),
    (
        "internal_error",
        "Something failed on our side. Sending it again may help after an update of this installation.",
    ),
];

/// Warnings, by the words that the API has for them. What follows a colon names what it is about.
const WARNINGS: [(&str, &str); 12] = [
    (
        "conflict",
        "The user id and the e-mail address belong to two contacts. The one with the user id was told, without the address.",
    ),
    (
        "both_contacts_stay",
        "Both user ids have a contact in Intercom, and both stay.",
    ),
    (
        "several_contacts",
        "Several contacts have this e-mail address. The one seen last was told.",
    ),
    (
        "lead_with_same_email",
        "A lead has the same e-mail address. It stays a lead: merge them in Intercom if they are one.",
    ),
    (
        "protected_attribute",
        "Only a browser says so, and the field is protected, so it was left out.",
    ),
    (
        "claim_of_known_company",
        "Only a browser says this of a company that is there. Its own fields were left as they are.",
    ),
    (
        "claim_of_unknown_company",
        "Only a browser says this of a company, and the source makes none of claims. It was left out.",
    ),
    (
        "claim_of_leaving_company",
        "Only a browser says that somebody has left a company, so that was left out.",
    ),
    (
        "event_names_running_out",
        "Intercom takes a limited number of names of events. This one was new",
    ),
    ("attribute_created", "Created an attribute in Intercom"),
    (
        "attribute_dropped",
        "Left out an attribute that Intercom does not take",
    ),
    (
        "field_dropped",
        "Left out a field whose value Intercom does not take",
    ),
];

/// Why. A word that has no sentence stands as it is: the API's page explains it.
pub(super) fn reason(word: &str) -> String {
    let dropped = DropReason::ALL
        .into_iter()
        .find(|reason| reason.code() == word);
    let held = HOLDS.into_iter().find(|reason| reason.as_str() == word);
    dropped
        .map(|reason| reason.to_string())
        .or_else(|| held.map(|reason| reason.sentence().to_owned()))
        .or_else(|| sentence(&REASONS, word).map(str::to_owned))
        .or_else(|| refused(word))
        .unwrap_or_else(|| word.to_owned())
}

const HOLDS: [HoldReason; 5] = [
    HoldReason::NotConnected,
    HoldReason::TokenRefused,
    HoldReason::PlanRestricted,
    HoldReason::ScopeMissing,
    HoldReason::IpNotAllowed,
];

/// What was left out, or is to be looked at. Some warnings come with their own sentence.
pub(super) fn warning(text: &str) -> String {
    let (word, rest) = match text.split_once(':') {
        Some((word, rest)) => (word.trim(), Some(rest.trim())),
        None => (text.trim(), None),
    };
    match (sentence(&WARNINGS, word), rest) {
        (Some(sentence), Some(name)) => format!("{sentence}: {name}"),
        (Some(sentence), None) => sentence.to_owned(),
        (None, Some(own)) if own.contains(' ') => own.to_owned(),
        (None, _) => text.to_owned(),
    }
}

/// As in `refused_422:data_invalid`: a status of Intercom's, and its word for it.
fn refused(word: &str) -> Option<String> {
    let status = word.strip_prefix("refused_")?;
    Some(match status.split_once(':') {
        Some((status, code)) => format!("Intercom refused it with status {status}, {code}."),
        None => format!("Intercom refused it with status {status}."),
    })
}

fn sentence(table: &[(&'static str, &'static str)], word: &str) -> Option<&'static str> {
    let mut table = table.iter();
    table
        .find(|(known, _)| *known == word)
        .map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_sentence_and_other_words_stand_as_they_are() {
        for drop in DropReason::ALL {
            assert_eq!(reason(drop.code()), drop.to_string());
        }
        assert!(reason("ip_not_allowed").contains("IP allowlist"));
        let refused = "Intercom refused it with status 422, data_invalid.";
        assert_eq!(reason("refused_422:data_invalid"), refused);
        assert_eq!(reason("brand_new"), "brand_new");
    }

    #[test]
    fn a_warning_names_what_it_is_about() {
        assert_eq!(
            warning("metadata_cut: Intercom keeps ten keys of an event; left out: a."),
            "Intercom keeps ten keys of an event; left out: a."
        );
        let dropped = "Left out an attribute that Intercom does not take: plan";
        assert_eq!(warning("attribute_dropped:plan"), dropped);
        assert!(warning("conflict").starts_with("The user id"));
        assert_eq!(warning("brand_new: x"), "brand_new: x");
    }
}
