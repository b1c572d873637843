//! Why a workspace lets nobody in.

/// What is in the way of every call, until an admin does something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// The workspace lets only chosen addresses use its API.
    IpAllowlist,
    /// Its plan does not include this.
    Plan,
    /// The app lacks a permission.
    Scope,
}

impl Closed {
    /// Intercom's code and words for it, with 403.
    pub(super) fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::IpAllowlist => (
                "forbidden",
                "Your IP address is not on the allowlist for API access",
            ),
            Self::Plan => ("api_plan_restricted", "Active subscription needed."),
            Self::Scope => (
                "action_forbidden",
                "You do not have permission to perform this action",
            ),
        }
    }
}
