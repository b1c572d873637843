//! Why events wait, are dropped or fail, and what of them was left out, in an admin's words.

use outbox::HoldReason;
use tracking::DropReason;

/// Other reasons than those of [`DropReason`] and [`HoldReason`], by the words that the API has for them.
const REASONS: [(&str, &str); 9] = [
    (
        "no_workspace",
        "The source says no workspace, and the organization has several. Choose one by the API.",
    ),
    (
        "signature_invalid",
        "The event was signed, and the signature fits none of your secrets.",
    ),
    (
        "signature_required",
        "Your settings require signatures, and this event names somebody without one.",
    ),
    (
        "unknown_person",
        "Intercom does not know this person yet. The event waits for an identify.",
    ),
    (
        "intercom_unavailable",
        "Intercom does not answer, or fails. It is tried again, with growing waits.",
    ),
    (
        "rate_limited",
        "The workspace's rate limit is spent. It is tried again in a few seconds.",
    ),
    ("sent_again", "Somebody asked to send it again."),
    (
        "claim_not_allowed",
        "A browser claims to be somebody who is not known, and the source makes no contacts of claims.",
    ),
    (
        "unknown_name",
        "What it says is only a claim, and would change a field that claims may not change.",
    ),
];

/// Warnings, by the words that the API has for them. What follows a colon names what was left out.
const WARNINGS: [(&str, &str); 9] = [
    (
        "conflict",
        "The user id and the e-mail belong to two contacts: the one with the user id was updated, without the e-mail.",
    ),
    ("nested_left_out", "Lists and objects were left out"),
    (
        "metadata_cut",
        "Intercom keeps ten keys of an event; the others were left out",
    ),
    (
        "text_cut",
        "Texts were cut to the 255 characters that Intercom keeps",
    ),
    ("renamed", "Told under a name that Intercom takes"),
    (
        "attribute_left_out",
        "Attributes that Intercom does not take were left out",
    ),
    (
        "field_left_out",
        "Fields with a value that Intercom does not take were left out",
    ),
    (
        "company_left_out",
        "A company with neither an id nor a name was left out",
    ),
    (
        "attribute_dropped",
        "Attributes that the workspace does not know were left out",
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
        .or_else(|| status(word))
        .unwrap_or_else(|| word.to_owned())
}

const HOLDS: [HoldReason; 5] = [
    HoldReason::NotConnected,
    HoldReason::TokenRefused,
    HoldReason::PlanRestricted,
    HoldReason::ScopeMissing,
    HoldReason::IpNotAllowed,
];

/// What was left out.
pub(super) fn warning(text: &str) -> String {
    let (word, names) = match text.split_once(':') {
        Some((word, names)) => (word.trim(), Some(names.trim())),
        None => (text.trim(), None),
    };
    match (sentence(&WARNINGS, word), names) {
        (Some(sentence), Some(names)) => format!("{}: {names}", sentence.trim_end_matches('.')),
        (Some(sentence), None) => sentence.to_owned(),
        (None, _) => text.to_owned(),
    }
}

/// As in `status_422`.
fn status(word: &str) -> Option<String> {
    let digits = word.rsplit('_').next()?;
    let is_status = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_status.then(|| format!("Intercom refused it with status {digits}."))
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
        assert_eq!(reason("status_422"), "Intercom refused it with status 422.");
        assert_eq!(reason("brand_new"), "brand_new");
    }

    #[test]
    fn a_warning_names_what_it_is_about() {
        assert_eq!(
            warning("metadata_cut: a, b"),
            "Intercom keeps ten keys of an event; the others were left out: a, b"
        );
        assert!(warning("conflict").starts_with("The user id"));
        assert_eq!(warning("brand_new: x"), "brand_new: x");
    }
}
