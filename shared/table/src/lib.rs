//! One DynamoDB table and one bucket, as things to write to. No row is its own: whoever has rows stands on
//! this.
//!
//! - [`Table`] gets, queries, puts, updates and deletes rows ([`Key`], [`Item`]); [`Transaction`] changes
//!   several rows together; [`Conditional`] says whether a write with a condition was done, even when its
//!   answer is lost.
//! - [`Spelling`] says how the keys of a kind of row are spelled, so that a test can tell two kinds apart.
//! - [`Bucket`] writes, reads, lists and deletes compressed objects; [`Packed`] is what is compressed, for a
//!   row as well.
//! - [`Sealer`] and [`KeyRing`] seal what stands in either; [`SecretText`] is what they seal.
//! - [`Error`] is told apart by what the caller can do.

mod bucket;
mod digest;
mod error;
mod key;
mod packed;
mod row;
mod sealing;
mod spelling;
mod table;
mod transaction;

pub use bucket::{Bucket, parse_path};
pub use digest::digest;
pub use error::Error;
pub use key::{EXPIRES, Key, PARTITION, SORT};
pub use packed::{MAX_BYTES, Packed};
pub use row::{Item, item, key_of, nested, number, parse, text};
pub use sealing::{
    KeyRing, KeyRingError, NonceBytes, Opened, Place, Purpose, Sealed, Sealer, SecretText,
    random_nonce,
};
pub use spelling::{Spelling, assert_apart};
pub use table::{Attempt, CALL, Conditional, Read, Table, attempt_in, create_table};
pub use transaction::Transaction;
