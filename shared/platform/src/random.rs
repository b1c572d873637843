//! Randomness, as a value: logic takes bytes, and only the edges ask for them.

use crate::fault::{Fault, Kind};

/// The operating system gives no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no random bytes to be had")]
pub struct NoEntropy;

/// Bytes that nobody can guess, from the operating system's generator.
///
/// # Errors
/// [`NoEntropy`], which on Lambda does not happen.
pub fn bytes<const N: usize>() -> Result<[u8; N], NoEntropy> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoEntropy)?;
    Ok(bytes)
}

impl Fault for NoEntropy {
    fn kind(&self) -> Kind {
        Kind::passing("random.no_entropy")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_alike() {
        assert_ne!(bytes::<32>().unwrap(), bytes::<32>().unwrap());
    }
}
