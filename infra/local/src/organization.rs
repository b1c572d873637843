//! The one organization of local mode, connected to the pretend Intercom's workspace.

use identity::{OrganizationId, WorkspaceId};
use intercom::fake::FakeIntercom;
use jiff::Timestamp;
use store::{
    Connection, ConnectionStatus, Installer, KeyScope, NewConnection, NewKey, Provision,
    SecretText, Store, WorkspaceProfile,
};

use crate::{
    Config, StartError,
    intercom::{TIME_ZONE, WORKSPACE},
};

/// Makes the organization exist, with the keys of the configuration and no others.
pub(crate) async fn provision(
    store: &Store,
    config: &Config,
    intercom: &FakeIntercom,
    now: Timestamp,
) -> Result<(), StartError> {
    let workspace =
        WorkspaceId::parse(WORKSPACE).map_err(|error| StartError::Table(error.to_string()))?;
    let organization = OrganizationId::of_first_workspace(&workspace);
    let key = |key: &crate::ApiKey, scope| NewKey {
        key: key.reveal().to_owned(),
        scope,
        expires_at: None,
    };
    let profile = WorkspaceProfile {
        name: "Local".to_owned(),
        region: store::WorkspaceRegion::Us,
        timezone: store::WorkspaceTimeZone::of(TIME_ZONE),
    };
    let connection = Connection::new(workspace.clone(), organization.clone(), profile.clone());
    let wanted = Provision {
        organization: organization.clone(),
        name: "Local".to_owned(),
        retention_days: store::RetentionDays::DEFAULT,
        keys: vec![
            key(&config.write_key, KeyScope::Write),
            key(&config.secret_key, KeyScope::Secret),
        ],
        connection: Some(connection),
    };
    let failed = |error: store::Error| StartError::Table(error.to_string());
    store.provision(&wanted, now).await.map_err(failed)?;
    // Who changes a key in the configuration wants the old one to end.
    let kept = [config.write_key.reveal(), config.secret_key.reveal()];
    store
        .of(&organization)
        .api_keys()
        .revoke_except(&kept)
        .await
        .map_err(failed)?;
    let id = platform::random::bytes();
    let id = id.map_err(|error| StartError::Table(error.to_string()))?;
    store
        .of(&organization)
        .identity_verification()
        .provision(&config.identity_secret, id, now)
        .await
        .map_err(failed)?;
    // Another Intercom than the pretend one would refuse such a token.
    if config.intercom_api_url.is_none() {
        let new = NewConnection {
            workspace,
            profile,
            token: SecretText::new(intercom.token(WORKSPACE)),
            installer: Installer {
                admin_id: "1".to_owned(),
                name: "Teammate".to_owned(),
            },
        };
        install(store, &new, now).await.map_err(failed)?;
    }
    Ok(())
}

/// Connects the workspace as if its admin had installed the app, unless an admin has done that, or undone it,
/// before.
async fn install(store: &Store, new: &NewConnection, now: Timestamp) -> Result<(), store::Error> {
    let connection = store.connections().get(&new.workspace).await?;
    let is_ours_to_do = connection.is_none_or(|connection| {
        connection.connected_by.is_none() && connection.status == ConnectionStatus::Connected
    });
    if is_ours_to_do {
        store.connections().connect(new, now).await?;
    }
    Ok(())
}
