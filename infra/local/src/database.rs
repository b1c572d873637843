//! Embedded DynamoDB: the very same store code runs here as on AWS.

use std::path::Path;

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Config, Credentials, Region},
};
use aws_smithy_http_client::Builder;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::StartError;

/// A database in a file, served on a loopback port of its own in DynamoDB's protocol: its client is an
/// ordinary one.
#[derive(Debug)]
pub(crate) struct Database {
    client: Client,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Database {
    /// Opens the database in the file `path`, and makes the file if need be.
    pub(crate) async fn open(path: &Path) -> Result<Self, StartError> {
        let damaged = |reason: String| StartError::Damaged {
            path: path.to_owned(),
            reason,
        };
        let database = dynoxide::Database::new(&path.to_string_lossy())
            .map_err(|error| damaged(error.to_string()))?;
        let listen = |source| StartError::Listen { port: 0, source };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;

        let (stop, stopped) = oneshot::channel();
        let stopped = async move {
            // A dropped sender stops the server as well.
            let _ = stopped.await;
        };
        let server = tokio::spawn(async move {
            if let Err(reason) =
                dynoxide::server::serve_with_shutdown(listener, database, stopped).await
            {
                tracing::error!(reason, "the embedded database stopped");
            }
        });
        Ok(Self {
            client: client(&format!("http://{address}")),
            stop,
            server,
        })
    }

    /// A client for it.
    pub(crate) fn client(&self) -> Client {
        self.client.clone()
    }

    /// Lets running requests finish, then closes the file.
    pub(crate) async fn close(self) {
        // An error means that the server has stopped already.
        let _ = self.stop.send(());
        let _ = self.server.await;
    }
}

/// The credentials mean nothing: the embedded database accepts any, and listens on loopback only.
fn client(endpoint: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("local"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(endpoint)
        .http_client(Builder::new().build_http())
        .build();
    Client::from_conf(config)
}
