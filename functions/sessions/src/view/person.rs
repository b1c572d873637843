//! One person: what they are called, and what was recorded of them.

use askama::Template;
use identity::{AliasKind, PersonId};
use pages::csrf;
use store::{PersonProfile, SessionListPage};

use super::frame::{self, Frame};
use super::naming::{self, ShownAlias};
use super::sessions::SessionRow;
use crate::access::Viewer;
use crate::context::PageContext;
use crate::erase;
use crate::last_list;

/// The page.
#[derive(Template)]
#[template(path = "person.html")]
pub(crate) struct PersonPage {
    all_sessions: Option<String>,
    name: String,
    aliases: Vec<ShownAlias>,
    is_doubtful: bool,
    rows: Vec<SessionRow>,
    older: Option<String>,
    erase: Option<EraseForm>,
}

/// The form that erases everything about them: for admins alone.
struct EraseForm {
    path: String,
    token: String,
}

impl PersonPage {
    pub(crate) fn new(
        context: &PageContext<'_>,
        viewer: &Viewer,
        person: &PersonId,
        profile: &PersonProfile,
        list: &SessionListPage,
    ) -> Self {
        let frame = Frame::of(viewer);
        let path = format!("/people/{person}");
        let rows = list.sessions.iter();
        let rows = rows.map(|session| {
            let link = frame::link_to_session(context, viewer, &session.session_id);
            SessionRow::new(session, link, &frame, context.now)
        });
        let older = list.next.as_ref();
        let older = older.map(|next| frame::link(&path, &[("before", &next.to_string())]));
        let mut aliases: Vec<_> = profile.aliases.iter().collect();
        // As on the page of a recording.
        aliases.sort_by_key(|alias| alias.kind != AliasKind::Email);
        let first = |wanted| {
            let found = aliases.iter().find(|alias| alias.kind == wanted);
            found.map(|alias| alias.value.as_str())
        };
        let name = naming::name(first(AliasKind::Email), first(AliasKind::UserId));
        Self {
            name: name.to_owned(),
            aliases: aliases
                .into_iter()
                .map(|alias| ShownAlias::new(alias.kind, &alias.value, alias.is_claimed))
                .collect(),
            is_doubtful: profile.conflict.is_some(),
            rows: rows.collect(),
            older,
            erase: viewer.as_admin().map(|admin| EraseForm {
                path: format!("{path}/erase"),
                token: csrf::token(&context.signer, &admin.sign_in, &erase::action(person)),
            }),
            all_sessions: frame
                .sees_all
                .then(|| last_list::address(context.headers())),
        }
    }
}
