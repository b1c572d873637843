//! The one organization of local mode, connected to the pretend Intercom's workspace.

use identity::{OrganizationId, SourceId, WorkspaceId};
use intercom::fake::FakeIntercom;
use jiff::Timestamp;
use store::{
    Connection, ConnectionStatus, Installer, KeyScope, NewConnection, NewKey, Provision,
    SecretText, Source, SourceKind, Store, WorkspaceProfile,
};

use crate::{
    ApiKey, Config, StartError,
    applied_keys::AppliedKeys,
    data_dir::DataDir,
    intercom::{TIME_ZONE, WORKSPACE},
};

/// Makes the organization exist, with the keys of the configuration and no others that were named there.
///
/// A key is applied once: what its admins did to it since then, they meant.
pub(crate) async fn provision(
    store: &Store,
    config: &Config,
    data_dir: &DataDir,
    intercom: &FakeIntercom,
    now: Timestamp,
) -> Result<(), StartError> {
    let workspace = workspace()?;
    let organization = OrganizationId::of_first_workspace(&workspace);
    let key = |key: &crate::ApiKey, scope, source| NewKey {
        key: key.reveal().to_owned(),
        scope,
        source,
        expires_at: None,
    };
    let profile = WorkspaceProfile {
        name: "Local".to_owned(),
        region: store::WorkspaceRegion::Us,
        timezone: store::WorkspaceTimeZone::of(TIME_ZONE),
    };
    let applied = AppliedKeys::read(data_dir)?;
    let source = source(now)?;
    let new_keys = [
        (!applied.has_write_key(&config.write_key))
            .then(|| key(&config.write_key, KeyScope::Write, None)),
        (!applied.has_secret_key(&config.secret_key))
            .then(|| key(&config.secret_key, KeyScope::Secret, None)),
        (!applied.has_source_key(&config.source_key)).then(|| {
            key(
                &config.source_key,
                KeyScope::Source,
                Some(source.id.clone()),
            )
        }),
    ];
    let connection = Connection::new(workspace.clone(), organization.clone(), profile.clone());
    let wanted = Provision {
        organization: organization.clone(),
        name: "Local".to_owned(),
        retention_days: store::RetentionDays::DEFAULT,
        keys: new_keys.into_iter().flatten().collect(),
        connection: Some(connection),
    };
    let failed = |error: store::Error| StartError::Table(error.to_string());
    store.provision(&wanted, now).await.map_err(failed)?;
    let sources = store.of(&organization).sources();
    sources.create(&source).await.map_err(failed)?;
    // Who changes a key in the configuration wants the old one to end.
    let kept = [&config.write_key, &config.secret_key, &config.source_key].map(ApiKey::reveal);
    store
        .of(&organization)
        .api_keys()
        .revoke_except(&kept)
        .await
        .map_err(failed)?;
    AppliedKeys::of(config).remember(data_dir)?;
    let id = platform::random::bytes();
    let id = id.map_err(|error| StartError::Table(error.to_string()))?;
    store
        .of(&organization)
        .identity_verification()
        .provision(&config.identity_secret, id, now)
        .await
        .map_err(failed)?;
    if let Some(token) = &config.intercom_token {
        intercom.grant(WORKSPACE, token.expose());
    }
    // Another Intercom would refuse the pretend one's token.
    let pretend = || SecretText::new(intercom.token(WORKSPACE));
    let of_the_pretend_one = config.intercom_api_url.is_none().then(pretend);
    if let Some(token) = config.intercom_token.clone().or(of_the_pretend_one) {
        let new = NewConnection {
            workspace,
            profile,
            token,
            installer: Installer {
                admin_id: "1".to_owned(),
                name: "Teammate".to_owned(),
            },
        };
        install(store, &new, now).await.map_err(failed)?;
    }
    Ok(())
}

/// A write key that works: the configuration's, or the one that has replaced it.
pub(crate) async fn write_key(
    store: &Store,
    config: &Config,
    now: Timestamp,
) -> Result<ApiKey, StartError> {
    let failed = |error: store::Error| StartError::Table(error.to_string());
    let organization = organization()?;
    let keys = store.of(&organization).api_keys().list(now).await;
    // Those that have not been replaced come first.
    let current = keys.map_err(failed)?.into_iter().find_map(|key| key.text);
    let parsed = current.and_then(|text| ApiKey::parse(text.expose()).ok());
    Ok(parsed.unwrap_or_else(|| config.write_key.clone()))
}

/// The one organization there is.
pub(crate) fn organization() -> Result<OrganizationId, StartError> {
    Ok(OrganizationId::of_first_workspace(&workspace()?))
}

/// The server source for analytics clients on this machine.
fn source(now: Timestamp) -> Result<Source, StartError> {
    let id = SourceId::parse("local").map_err(|error| StartError::Table(error.to_string()))?;
    Ok(Source {
        id,
        name: "Local".to_owned(),
        kind: SourceKind::Server,
        created_at: Some(now),
        ..Source::site()
    })
}

fn workspace() -> Result<WorkspaceId, StartError> {
    WorkspaceId::parse(WORKSPACE).map_err(|error| StartError::Table(error.to_string()))
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

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use platform::config::Environment;
    use store::{KEY_OVERLAP, Preferences};

    use super::*;
    use crate::database::Database;

    const WRITE: &str = "local-write-key";
    const SECRET: &str = "local-secret-key";

    fn config(variables: &[(&str, &str)]) -> Config {
        Config::from_environment(&variables.iter().copied().collect::<Environment>()).unwrap()
    }

    /// A folder with its table, in which bundles are started.
    struct Folder {
        data_dir: DataDir,
        store: Store,
        now: Timestamp,
    }

    impl Folder {
        async fn start(&self, variables: &[(&str, &str)], later: SignedDuration) {
            let config = config(variables);
            let fake = crate::functions::fake_intercom(&config).unwrap();
            provision(
                &self.store,
                &config,
                &self.data_dir,
                &fake,
                self.now + later,
            )
            .await
            .unwrap();
        }

        async fn works(&self, key: &str, later: SignedDuration) -> bool {
            let grant = self.store.authenticate(key, self.now + later).await;
            grant.unwrap().is_some()
        }

        async fn replace(&self, scope: KeyScope) -> store::ApiKey {
            let key = store::ApiKey::from_random(scope, [7; 32]);
            let organization = organization().unwrap();
            let keys = self.store.of(&organization);
            keys.api_keys()
                .rotate(&Preferences::default(), &key, KEY_OVERLAP, self.now)
                .await
                .unwrap();
            key
        }
    }

    #[tokio::test]
    async fn a_restart_brings_no_key_back_and_a_changed_configuration_is_applied() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(folder.path()).unwrap();
        let database = Database::open(&data_dir.table()).await.unwrap();
        let client = database.client();
        store::create_table(&client, "recapt").await.unwrap();
        let master = identity::MasterKey::new([1; 32]).unwrap();
        let store = Store::new(client, "recapt", master);
        let now = Timestamp::now();
        let folder = Folder {
            data_dir,
            store,
            now,
        };
        let (soon, late) = (
            SignedDuration::from_hours(1),
            SignedDuration::from_hours(25),
        );

        folder.start(&[], SignedDuration::ZERO).await;
        let write = folder.replace(KeyScope::Write).await;
        let secret = folder.replace(KeyScope::Secret).await;
        for later in [soon, late, late] {
            folder.start(&[], later).await;
            for (old, new) in [(WRITE, &write), (SECRET, &secret)] {
                assert_eq!(folder.works(old, later).await, later < KEY_OVERLAP, "{old}");
                assert!(folder.works(new.expose(), later).await, "{old}");
            }
        }
        let shown = write_key(&folder.store, &config(&[]), now + late).await;
        assert_eq!(shown.unwrap().reveal(), write.expose());

        folder.start(&[("WRITE_KEY", "another")], late).await;
        assert!(folder.works("another", late).await);
        assert!(!folder.works(SECRET, late).await);
        database.close().await;
    }
}
