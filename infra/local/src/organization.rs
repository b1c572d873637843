//! The one organization of local mode, connected to the pretend Intercom's workspace.

use identity::{OrganizationId, WorkspaceId};
use jiff::Timestamp;
use store::{
    Connection, DEFAULT_RETENTION_DAYS, KeyScope, NewKey, Provision, Store, WorkspaceProfile,
};

use crate::{
    Config, StartError,
    intercom::{TIME_ZONE, WORKSPACE},
};

/// Makes the organization exist, with the keys of the configuration and no others; gives its id.
pub(crate) async fn provision(
    store: &Store,
    config: &Config,
    now: Timestamp,
) -> Result<OrganizationId, StartError> {
    let workspace =
        WorkspaceId::parse(WORKSPACE).map_err(|error| StartError::Table(error.to_string()))?;
    let organization = OrganizationId::of_first_workspace(&workspace);
    let key = |key: &crate::ApiKey, scope| NewKey {
        key: key.reveal().to_owned(),
        scope,
        expires_at: None,
    };
    let wanted = Provision {
        organization: organization.clone(),
        name: "Local".to_owned(),
        retention_days: DEFAULT_RETENTION_DAYS,
        keys: vec![
            key(&config.write_key, KeyScope::Write),
            key(&config.secret_key, KeyScope::Secret),
        ],
        connection: Some(Connection::new(
            workspace,
            organization.clone(),
            WorkspaceProfile {
                name: "Local".to_owned(),
                region: "US".to_owned(),
                timezone: TIME_ZONE.to_owned(),
            },
        )),
    };
    let failed = |error: store::Error| StartError::Table(error.to_string());
    store.provision(&wanted, now).await.map_err(failed)?;
    // Who changes a key in the configuration wants the old one to end.
    let kept = [config.write_key.reveal(), config.secret_key.reveal()];
    store
        .revoke_keys_except(&organization, &kept)
        .await
        .map_err(failed)?;
    Ok(organization)
}
