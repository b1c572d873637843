//! The head of every page that an admin sees: where else they can go, and the way out.
//!
//! It is for whoever is signed in. Whoever has a link of the panel or a share link sees one page, and nothing
//! that it could lead to.

use crate::csrf;
use crate::sign_in::SignIn;
use crate::signed::Signer;

/// The settings page; what changes something is one segment below it.
pub const SETTINGS: &str = "/settings/integrations/intercom";

/// The path segment of the action that ends a sign-in, and what tokens of its forms are for.
pub const SIGN_OUT: &str = "sign-out";

/// A part of what an admin can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// All that was recorded.
    Sessions,
    /// Intercom's companies, and what their people went through.
    Companies,
    /// What went wrong, by how many it befell.
    Problems,
    /// The connection, keys and preferences.
    Settings,
}

/// Where an admin can go from a page.
#[derive(Debug, Clone)]
pub struct Navigation {
    pub(crate) sections: Vec<Section>,
    current: Section,
    is_below: bool,
    pub(crate) sign_out: SignOutForm,
}

/// The form that ends a sign-in.
#[derive(Debug, Clone)]
pub(crate) struct SignOutForm {
    pub(crate) path: String,
    pub(crate) token: String,
}

impl Section {
    /// Those that every page leads to: companies are not among them before anything imports them.
    const ALL: [Self; 3] = [Self::Sessions, Self::Problems, Self::Settings];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sessions => "Sessions",
            Self::Companies => "Companies",
            Self::Problems => "Problems",
            Self::Settings => "Settings",
        }
    }

    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Sessions => "/sessions",
            Self::Companies => "/companies",
            Self::Problems => "/problems",
            Self::Settings => SETTINGS,
        }
    }
}

impl Navigation {
    /// The navigation of a section's own page.
    #[must_use]
    pub fn at(signer: &Signer, sign_in: &SignIn, current: Section) -> Self {
        Self {
            sections: Section::ALL.to_vec(),
            current,
            is_below: false,
            sign_out: SignOutForm {
                path: format!("{SETTINGS}/{SIGN_OUT}"),
                token: csrf::token(signer, sign_in, SIGN_OUT),
            },
        }
    }

    /// The navigation of a page below a section's own, such as that of one session.
    #[must_use]
    pub fn below(signer: &Signer, sign_in: &SignIn, section: Section) -> Self {
        Self {
            is_below: true,
            ..Self::at(signer, sign_in, section)
        }
    }

    /// Leads to this section alone: the others are on hosts where the sign-in is not good.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.sections = vec![self.current];
        self
    }

    /// Where the logo leads.
    pub(crate) fn home(&self) -> &'static str {
        let first = self.sections.first();
        first.map_or(SETTINGS, |section| section.path())
    }

    pub(crate) fn is_current(&self, section: &Section) -> bool {
        self.current == *section
    }

    /// How a browser tells it to those who do not see: the page itself, or a part of what it leads to.
    pub(crate) fn currency(&self) -> &'static str {
        if self.is_below { "true" } else { "page" }
    }
}
