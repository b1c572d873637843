//! The page of ours that a browser returns to when it is back from Intercom.
//!
//! The settings page signs where it is, so that nobody else can choose where a sign-in ends;
//! `oauth-callback` opens it.

use jiff::Timestamp;

use crate::signed::{SignError, Signer};

/// The query parameter in which it travels.
pub const PARAMETER: &str = "return_to";

const PURPOSE: &str = "return_to";

/// The value of [`PARAMETER`] that leads back to a page.
///
/// # Errors
/// [`SignError`] for an address that is longer than a browser keeps.
pub fn sign(signer: &Signer, page: &str, until: Timestamp) -> Result<String, SignError> {
    signer.sign(PURPOSE, &page, until)
}

/// The page that a value leads back to; `None` when it is not ours, was changed, or has expired.
#[must_use]
pub fn open(signer: &Signer, text: &str, now: Timestamp) -> Option<String> {
    signer.open(PURPOSE, text, now)
}

/// The query parameter in which a page of ours travels that was asked for by somebody who may not see
/// it before they have signed in.
pub const WANTED: &str = "wanted";

const PURPOSE_OF_WANTED: &str = "wanted page";

/// The value of [`WANTED`] for a path of ours.
///
/// # Errors
/// [`SignError`] for an address that is longer than a browser keeps.
pub fn sign_wanted(signer: &Signer, path: &str, until: Timestamp) -> Result<String, SignError> {
    signer.sign(PURPOSE_OF_WANTED, &path, until)
}

/// The path that a value leads to; `None` when it is not ours, was changed, or has expired.
#[must_use]
pub fn open_wanted(signer: &Signer, text: &str, now: Timestamp) -> Option<String> {
    signer.open(PURPOSE_OF_WANTED, text, now)
}
