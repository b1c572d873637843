//! The running bundle.

use std::{io, net::SocketAddr, sync::Arc};

use axum::{Router, middleware};
use identity::MasterKey;
use mirror::Mirror;
use object_store::local::LocalFileSystem;
use outbox::Outbox;
use platform::clock::Clock;
use store::{Recordings, Store};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    Config, StartError,
    data_dir::DataDir,
    database::Database,
    demo::{Demo, Destination},
    expiry,
    functions::{self, Foundations, Functions},
    gateway,
    intercom::{self, Intercom},
    organization, pages,
    queues::Queues,
    shop,
    sign_of_life::SignOfLife,
    workers,
};

/// Name of the one table.
const TABLE: &str = "recapt";

/// The bundle, serving until it is shut down.
#[derive(Debug)]
pub struct Bundle {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    database: Database,
    // Released last: then another bundle may take the folder.
    _data_dir: DataDir,
}

impl Bundle {
    /// Starts everything, and comes back when it serves and the demo can be looked at.
    ///
    /// # Errors
    /// Says what stands in the way and what to do about it.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        // Boxed: it carries the start of everything.
        Box::pin(Self::assemble(config)).await
    }

    async fn assemble(config: Config) -> Result<Self, StartError> {
        let clock = Clock::system();
        let (listener, address) = listen(config.port).await?;
        let url = format!("http://{address}");

        let data_dir = DataDir::open(&config.data_dir)?;
        let master_key = data_dir.master_key()?;
        let sign_of_life =
            SignOfLife::open(data_dir.sign_of_life(), &data_dir.table(), clock.now())?;
        let database = Database::open(&data_dir.table()).await?;
        let recordings = open_recordings(&data_dir, &database, &master_key).await?;
        let store = recordings.store();
        check_master_key(&data_dir, store).await?;
        let queues = Queues::open(&data_dir, &clock)?;
        let client_secret = functions::client_secret(&config)?;
        let fake = functions::fake_intercom(&config)?;
        organization::provision(store, &config, &data_dir, &fake, clock.now()).await?;
        let write_key = organization::write_key(store, &config, clock.now()).await?;
        let demo = config
            .demo
            .then(|| Demo::open(&data_dir, clock.now()))
            .transpose()?;

        let conversations = demo.as_ref().map(Demo::conversations).unwrap_or_default();
        intercom::add_workspaces(&fake, conversations);
        let intercom = Intercom::new(fake, &url, client_secret);
        let pages = intercom::routes(intercom)
            .merge(shop::routes(write_key.clone()))
            .fallback(pages::nothing_here)
            .layer(middleware::map_response(pages::with_headers));
        let destination = Destination {
            url: url.clone(),
            write_key,
            store: store.clone(),
            organization: organization::organization()?,
        };
        let master = master_key_of(&data_dir, &master_key)?;
        let mirror = Mirror::new(&database.client(), TABLE, master.clone());
        let outbox = Outbox::new(&database.client(), TABLE, master);
        let foundations = Foundations {
            url: &url,
            config: &config,
            master_key: &master_key,
            recordings: &recordings,
            outbox: &outbox,
            mirror: &mirror,
            queues: &queues,
            clock: &clock,
        };
        let functions = Functions::new(&foundations)?;
        let workers = foundations.workers()?;

        let expiry = expiry::Expiry {
            client: database.client(),
            table: TABLE,
            bucket: open_bucket(&data_dir)?,
            clock: clock.clone(),
            sign_of_life,
        };

        let (stop, stopped) = watch::channel(false);
        let server = serve(
            listener,
            gateway::without_idle_slashes(gateway::routes(functions).merge(pages)),
            stopped.clone(),
        );
        let mut tasks = workers::serve(queues, workers, &stopped);
        tasks.push(server);
        tasks.push(workers::until(&stopped, expiry::watch(expiry)));
        let bundle = Self {
            address,
            stop,
            tasks,
            database,
            _data_dir: data_dir,
        };
        match demo {
            Some(demo) => bundle.with_demo(&demo, &destination).await,
            None => Ok(bundle),
        }
    }

    async fn with_demo(self, demo: &Demo, to: &Destination) -> Result<Self, StartError> {
        match demo.upload(to).await {
            Ok(()) => Ok(self),
            Err(error) => {
                self.shutdown().await;
                Err(error)
            }
        }
    }

    /// Where the bundle serves, such as `http://127.0.0.1:9000`; no slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops serving, waits for what is under way, and closes the database last.
    pub async fn shutdown(self) {
        // An error means that nobody listens any more: everything has stopped already.
        let _ = self.stop.send(true);
        for task in self.tasks {
            let _ = task.await;
        }
        self.database.close().await;
    }
}

async fn listen(port: u16) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => StartError::PortTaken { port },
        _ => StartError::Listen { port, source },
    };
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// With another key nothing would fail, and nobody's sessions would be found.
async fn check_master_key(data_dir: &DataDir, store: &Store) -> Result<(), StartError> {
    let checked = store.check_master_key().await;
    checked.map_err(|error| match error {
        store::Error::WrongMasterKey => StartError::WrongMasterKey {
            path: data_dir.master_key_file(),
        },
        other => StartError::Table(other.to_string()),
    })
}

async fn open_recordings(
    data_dir: &DataDir,
    database: &Database,
    master_key: &[u8],
) -> Result<Recordings, StartError> {
    let master = master_key_of(data_dir, master_key)?;
    let client = database.client();
    store::create_table(&client, TABLE)
        .await
        .map_err(|error| StartError::Table(error.to_string()))?;
    let store = Store::new(client, TABLE, master);
    Ok(Recordings::new(store, open_bucket(data_dir)?))
}

fn master_key_of(data_dir: &DataDir, bytes: &[u8]) -> Result<MasterKey, StartError> {
    MasterKey::new(bytes).map_err(|error| StartError::Damaged {
        path: data_dir.path().to_owned(),
        reason: error.to_string(),
    })
}

fn open_bucket(data_dir: &DataDir) -> Result<Arc<LocalFileSystem>, StartError> {
    let bucket = LocalFileSystem::new_with_prefix(data_dir.recordings());
    let bucket = bucket.map_err(|error| StartError::Damaged {
        path: data_dir.path().to_owned(),
        reason: error.to_string(),
    })?;
    // Or the folder of a session that was erased would stay, and its name with it.
    Ok(Arc::new(bucket.with_automatic_cleanup(true)))
}

fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) -> JoinHandle<()> {
    let stopped = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router)
            .with_graceful_shutdown(stopped)
            .await
        {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the HTTP server stopped"
            );
        }
    })
}
