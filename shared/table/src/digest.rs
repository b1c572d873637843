//! What names a content.

use sha2::{Digest, Sha256};

/// SHA-256, hexadecimal.
pub fn digest(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}
