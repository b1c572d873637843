//! From a code to a connection.

use identity::WorkspaceId;
use intercom::Region;
use intercom::oauth::Code;
use intercom::rest::{Me, Workspace};
use jiff::Timestamp;
use platform::random;
use platform::secrets::Secrets;
use store::{
    ApiKey, Connection, Handover, HandoverToken, Installer, KeyScope, NewConnection, SecretText,
    Store, WorkspaceProfile, WorkspaceRegion, WorkspaceTimeZone,
};
use tracing::Span;

use crate::failure::Failure;
use crate::{State, app};

/// A workspace that has just been connected.
pub(crate) struct Connected {
    pub(crate) connection: Connection,
    /// It was not before, or somebody else had connected it.
    pub(crate) is_new: bool,
    installer: Installer,
    /// What the settings page shows once: the organization's secret key, if this made it.
    first_secret_key: Option<SecretText>,
    /// With the keys that secrets are sealed with.
    store: Store,
}

/// Exchanges the code, asks whose token it is, and stores the connection: all of it or nothing.
///
/// A token that is then not used stays alive at Intercom: revoking it would uninstall the app from a
/// workspace that may have been connected before.
pub(crate) async fn connect(
    state: &State,
    secrets: &Secrets,
    code: &Code,
    now: Timestamp,
) -> Result<Connected, Failure> {
    let token = state.intercom.exchange(&app(secrets)?, code).await;
    let token = token.map_err(Failure::Exchange)?;
    let me = state.intercom.me(Region::Us, &token).await;
    let (workspace, installer) = who(me.map_err(Failure::Me)?)?;
    let id = WorkspaceId::parse(&workspace.id).map_err(|_| Failure::NoWorkspace)?;
    Span::current().record("workspace.id", id.as_str());

    let store = state.store.with_token_keys(wiring::token_keys(secrets)?);
    let wanted = NewConnection {
        workspace: id,
        profile: WorkspaceProfile {
            name: workspace.name.unwrap_or(workspace.id),
            region: WorkspaceRegion::parse(workspace.region.as_str()),
            timezone: WorkspaceTimeZone::of(workspace.timezone.as_deref().unwrap_or_default()),
        },
        token: SecretText::new(token.expose().to_owned()),
        installer: installer.clone(),
    };
    let connection = store.connections().connect(&wanted, now).await?;
    Span::current().record("organization.id", connection.organization.as_str());
    let first_secret_key = first_keys(&store, &connection, now).await?;
    Ok(Connected {
        is_new: connection.connected_at == Some(now),
        connection,
        installer,
        first_secret_key,
        store,
    })
}

/// Leaves word for the settings page that this browser, with this token, has been here. Good once, for two
/// minutes.
pub(crate) async fn hand_over(
    state: &State,
    connected: &Connected,
    browser: String,
    wanted: Option<String>,
) -> Result<HandoverToken, Failure> {
    let token = HandoverToken::from_random(random::bytes()?);
    let handover = Handover {
        organization: connected.connection.organization.clone(),
        workspace: connected.connection.workspace.clone(),
        epoch: connected.connection.epoch,
        installer: connected.installer.clone(),
        browser,
        is_new: connected.is_new,
        wanted,
        first_secret_key: connected.first_secret_key.clone(),
    };
    let now = state.clock.now();
    let handed = connected.store.hand_over(&token, &handover, now).await;
    if let Err(error) = handed {
        if !error.is_transient() {
            return Err(error.into());
        }
        // It may stand there all the same, and with it the only secret key that can be shown. If it does not,
        // the settings page asks for another sign-in.
        Failure::from(error).log();
    }
    Ok(token)
}

/// The workspace, and who brings it. With an e-mail that is not verified anybody could pass for anybody.
fn who(me: Me) -> Result<(Workspace, Installer), Failure> {
    if me.admin.verified_email().is_none() {
        return Err(Failure::UnverifiedEmail);
    }
    let installer = Installer {
        admin_id: me.admin.id,
        name: me.admin.name.unwrap_or_else(|| "An admin".to_owned()),
    };
    Ok((me.workspace.ok_or(Failure::NoWorkspace)?, installer))
}

/// Makes the organization's keys where it has none; the secret one, if that was made.
async fn first_keys(
    store: &Store,
    connection: &Connection,
    now: Timestamp,
) -> Result<Option<SecretText>, Failure> {
    let write = ApiKey::from_random(KeyScope::Write, random::bytes()?);
    let secret = ApiKey::from_random(KeyScope::Secret, random::bytes()?);
    let made = store
        .of(&connection.organization)
        .api_keys()
        .create_first(&connection.preferences, &write, &secret, now)
        .await?;
    Ok(made
        .secret
        .then(|| SecretText::new(secret.expose().to_owned())))
}
