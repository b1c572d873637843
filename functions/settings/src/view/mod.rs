//! The pages as templates see them.

mod connection;
mod dates;
mod identity;
mod keys;
mod origins;
mod parked;
mod permissions;
mod preferences;
mod share_links;
mod switch;

use askama::Template;
use jiff::{SignedDuration, Timestamp};
use pages::csrf;
use pages::sign_in::{SignIn, SignedIn};
use pages::signed::Signer;
use store::{
    Connection, DayCounts, IdentitySecrets, KeyScope, KeySummary, ParkedNotification, SecretText,
    ShareLink,
};

use crate::context::PageContext;
use crate::notice::Notice;
use crate::page::Flash;
use crate::route::{self, Action, PAGE};
use connection::ConnectionCard;
pub(crate) use dates::Dates;
use identity::IdentityCard;
use keys::KeyLine;
use parked::ParkedCard;
use permissions::PERMISSIONS;
use preferences::PreferencesCard;
use share_links::ShareLinksCard;

pub(crate) use keys::{key_name, masked};
pub(crate) use preferences::Preferences;
pub(crate) use switch::SwitchPage;

/// What the page reads beside the connection.
pub(crate) struct Stored {
    /// Whether a session has arrived lately.
    pub(crate) is_recorded: bool,
    pub(crate) keys: Vec<KeySummary>,
    pub(crate) identity: IdentitySecrets,
    pub(crate) counts: DayCounts,
    pub(crate) share_links: Vec<ShareLink>,
    pub(crate) parked: Vec<ParkedNotification>,
}

/// Everything there is to see and to do.
#[derive(Template)]
#[template(path = "settings.html")]
pub(crate) struct SettingsPage<'a> {
    notice: Option<(&'static str, String)>,
    new_secret_key: Option<SecretText>,
    admin: &'a str,
    connection: ConnectionCard<'a>,
    today: [(&'static str, String); 3],
    /// What was refused today, where anything was.
    refused: Vec<(&'static str, u64)>,
    /// The last site that was refused today.
    refused_origin: Option<String>,
    /// Where all that was recorded can be seen.
    sessions: Option<&'static str>,
    parked: Option<ParkedCard>,
    keys: [KeyLine; 2],
    overlap_hours: i64,
    identity: IdentityCard,
    recorder: Recorder<'a>,
    share_links: Option<ShareLinksCard>,
    preferences: PreferencesCard,
    permissions: &'static [(&'static str, &'static str)],
    reconnect: PostForm,
    disconnect: PostForm,
    sign_out: PostForm,
    here: &'static str,
    sources: &'static str,
}

/// A form that is posted: where, and with which token.
pub(crate) struct PostForm {
    path: String,
    token: String,
}

/// How recordings get here.
struct Recorder<'a> {
    api: &'a str,
    /// What is waited for, while nothing has arrived lately.
    waiting: Option<Waiting>,
    /// The key itself, or where to put it when it was not made here.
    write_key: String,
}

/// Nothing has been recorded lately.
struct Waiting {
    /// What the page says.
    text: &'static str,
    /// Where its script asks again.
    ask: String,
}

impl Waiting {
    /// How long after it was connected a workspace is new.
    const NEW: SignedDuration = SignedDuration::from_hours(7 * 24);

    fn of(connection: &Connection, now: Timestamp) -> Self {
        let age = connection.connected_at.map(|at| now.duration_since(at));
        let text = match age {
            Some(age) if age > Self::NEW => {
                "Waiting for a session … None has arrived in the last seven days."
            }
            _ => "Waiting for the first session …",
        };
        Self {
            text,
            ask: route::first_session(),
        }
    }
}

/// What is said once: a class of the stylesheet, and the text.
fn noticed(notice: Notice, keys: &[KeySummary], dates: &Dates) -> (&'static str, String) {
    let ends_at = match notice {
        Notice::WriteKeyReplaced => keys::ends_at(keys, KeyScope::Write),
        _ => None,
    };
    let text = match ends_at {
        Some(at) => format!(
            "New write key. Change the tag on your site before {}: the old key stops then.",
            dates.write(at)
        ),
        None => notice.text().to_owned(),
    };
    (notice.tone(), text)
}

/// What whoever is not signed in sees.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage {
    pub(crate) notice: Option<Notice>,
    pub(crate) sign_in: String,
}

impl PostForm {
    fn new(signer: &Signer, sign_in: &SignIn, action: Action) -> Self {
        Self {
            path: action.path(),
            token: csrf::token(signer, sign_in, action.name()),
        }
    }
}

/// As many as were counted, and a plus when there are more.
fn sessions_of(counts: &DayCounts) -> String {
    let more = if counts.has_more_sessions { "+" } else { "" };
    format!("{}{more}", counts.sessions)
}

/// What was refused, by reason, without what there was none of.
fn refused_of(counts: &DayCounts) -> Vec<(&'static str, u64)> {
    let mut refused = vec![
        ("From sites that are not allowed", counts.refused_origins),
        ("With a key that is no longer good", counts.refused_keys),
        ("Above a limit", counts.refused_quotas),
    ];
    refused.retain(|(_, count)| *count > 0);
    refused
}

impl<'a> SettingsPage<'a> {
    pub(crate) fn new(
        context: &'a PageContext<'_>,
        signed_in: &'a SignedIn,
        stored: &Stored,
        flash: Flash,
    ) -> Self {
        let (sign_in, connection) = (&signed_in.sign_in, &signed_in.connection);
        let form = |action| PostForm::new(&context.signer, sign_in, action);
        let dates = Dates::of(connection);
        let keys = [KeyScope::Write, KeyScope::Secret];
        let counts = &stored.counts;
        let preferences = flash
            .refused
            .unwrap_or_else(|| Preferences::chosen(&connection.preferences));
        Self {
            notice: flash
                .notice
                .map(|notice| noticed(notice, &stored.keys, &dates)),
            new_secret_key: flash.new_secret_key,
            admin: match sign_in.admin.name.trim() {
                "" => "an admin of this workspace",
                name => name,
            },
            connection: ConnectionCard::new(connection, &dates),
            today: [
                ("Sessions", sessions_of(counts)),
                ("Panel views", counts.canvas_views.to_string()),
                ("Notifications processed", counts.notifications.to_string()),
            ],
            refused: refused_of(counts),
            refused_origin: counts.last_refused_origin.clone(),
            sessions: context.state.addresses.sessions(),
            parked: ParkedCard::new(&stored.parked, &dates, form(Action::Parked)),
            keys: keys.map(|scope| {
                KeyLine::new(scope, &stored.keys, &dates, form(Action::Keys), context.now)
            }),
            overlap_hours: store::KEY_OVERLAP.as_hours(),
            identity: IdentityCard::new(
                &stored.identity,
                connection.preferences.require_signatures,
                &dates,
                form(Action::Identity),
            ),
            recorder: Recorder {
                api: context.state.addresses.recordings(),
                waiting: (!stored.is_recorded).then(|| Waiting::of(connection, context.now)),
                write_key: keys::readable(&stored.keys)
                    .unwrap_or("$WRITE_KEY")
                    .to_owned(),
            },
            share_links: ShareLinksCard::new(&stored.share_links, &dates, form(Action::ShareLinks)),
            preferences: PreferencesCard {
                form: form(Action::Preferences),
                fields: preferences,
            },
            permissions: &PERMISSIONS,
            reconnect: form(Action::Reconnect),
            disconnect: form(Action::Disconnect),
            sign_out: form(Action::SignOut),
            here: PAGE,
            sources: crate::sources::PAGE,
        }
    }
}
