//! Text that hardly compresses.

/// So many digits, other ones for each number.
#[must_use]
pub fn noise(length: usize, number: u64) -> String {
    let mut text = String::with_capacity(length + 20);
    let mut place = number << 32;
    while text.len() < length {
        place += 1;
        // SplitMix64 (Steele et al., 2014): any spread will do.
        let mixed = place.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        text.push_str(&(mixed ^ (mixed >> 27)).to_string());
    }
    text.truncate(length);
    text
}
