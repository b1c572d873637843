//! The page that asks somebody who is signed in to another organization.

use askama::Template;
use pages::sign_in::SignedIn;
use store::{Connection, HandoverToken};

use super::PostForm;
use crate::context::PageContext;
use crate::route::{Action, PAGE};

/// The page.
#[derive(Template)]
#[template(path = "switch.html")]
pub(crate) struct SwitchPage<'a> {
    current: &'a str,
    other: &'a str,
    form: PostForm,
    handover: &'a str,
    here: &'static str,
}

impl<'a> SwitchPage<'a> {
    pub(crate) fn new(
        context: &PageContext<'_>,
        signed_in: &'a SignedIn,
        other: &'a Connection,
        token: &'a HandoverToken,
    ) -> Self {
        Self {
            current: name(&signed_in.connection),
            other: name(other),
            form: PostForm::new(&context.signer, &signed_in.sign_in, Action::Switch),
            handover: token.expose(),
            here: PAGE,
        }
    }
}

fn name(connection: &Connection) -> &str {
    match connection.workspace_name.trim() {
        "" => connection.workspace.as_str(),
        name => name,
    }
}
