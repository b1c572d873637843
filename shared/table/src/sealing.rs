//! What is sealed before it stands in a row.
//!
//! [`Sealer`] seals what is an organization's under that organization's own key; [`KeyRing`] seals tokens and
//! keys under a key that an operator can replace.

mod key_ring;
mod sealed;
mod sealer;
mod secret_text;

pub use key_ring::{KeyRing, KeyRingError, Opened, Place, Purpose};
pub use sealed::Sealed;
pub use sealer::{NonceBytes, Sealer, random_nonce};
pub use secret_text::SecretText;
