//! Why a choice is refused, and how far choices go.

/// Most sessions of a list: more make a canvas that nobody scrolls through.
pub(crate) const MAX_SESSIONS_IN_LIST: u8 = 10;
/// Longest template of an address, bytes: with an id in it, it still is an address that every browser opens.
pub(crate) const MAX_TEMPLATE_BYTES: usize = 1_024;
/// Most sites that may record.
pub(crate) const MAX_ORIGINS: usize = 20;

/// Why a choice is refused, as a sentence for whoever made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PreferenceError {
    /// See [`ListLength`](crate::ListLength).
    #[error("Choose a number from 1 to {}.", MAX_SESSIONS_IN_LIST)]
    ListLength,
    /// See [`RetentionDays`](crate::RetentionDays).
    #[error("Choose one of 30, 90 and 365 days.")]
    RetentionDays,
    /// See [`PlayerUrlTemplate`](crate::PlayerUrlTemplate).
    #[error(
        "Enter an address that begins with https:// and contains {{session_id}}, of at most {} characters.",
        MAX_TEMPLATE_BYTES
    )]
    PlayerUrlTemplate,
    /// See [`ShareLinkDays`](crate::ShareLinkDays).
    #[error("Choose one of 1, 7 and 30 days.")]
    ShareLinkDays,
    /// See [`AllowedOrigins`](crate::AllowedOrigins).
    #[error(
        "Enter at most {} sites, one on each line, such as https://shop.example; no paths.",
        MAX_ORIGINS
    )]
    AllowedOrigins,
}
