//! The AWS that functions meet: DynamoDB, Secrets Manager, SQS and S3, each on an address of its own behind
//! TLS 1.3.
//!
//! Addresses of their own, because that is how AWS has it: a connection to one service is of no use for
//! another, so the first call of each pays a handshake.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::version::TLS13;

use crate::data;
use crate::samples::{CLIENT_SECRET, MASTER_KEY};

/// The variables that name a service's endpoint, and the address that it gets.
const SERVICES: [(&str, Ipv4Addr); 4] = [
    ("AWS_ENDPOINT_URL_DYNAMODB", Ipv4Addr::new(127, 0, 0, 2)),
    (
        "AWS_ENDPOINT_URL_SECRETS_MANAGER",
        Ipv4Addr::new(127, 0, 0, 3),
    ),
    ("AWS_ENDPOINT_URL_SQS", Ipv4Addr::new(127, 0, 0, 4)),
    ("AWS_ENDPOINT_URL_S3", Ipv4Addr::new(127, 0, 0, 5)),
];

/// The two secrets, as functions name them.
pub(crate) const KEYS: &str = "keys";
pub(crate) const CREDENTIALS: &str = "credentials";

/// Services that run, on a thread of their own.
pub(crate) struct Services {
    /// What a function's environment must say to reach them.
    pub(crate) variables: Vec<(String, String)>,
    /// Holds the certificate.
    _folder: TempDir,
}

impl Services {
    /// Starts them and fills the table.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let addresses = SERVICES.map(|(_, address)| address.to_string());
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(addresses).unwrap();
        let bundle = folder.path().join("bundle.pem");
        std::fs::write(&bundle, cert.pem()).unwrap();
        let bundle = bundle.to_str().unwrap().to_owned();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key);
        let tls = TlsAcceptor::from(Arc::new(config.unwrap()));

        let (started, endpoints) = mpsc::channel();
        thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_all().build().unwrap();
            runtime.block_on(async {
                started.send(serve(&tls).await).unwrap();
                std::future::pending::<()>().await;
            });
        });
        let mut variables = endpoints.recv().unwrap();
        variables.push(("AWS_CA_BUNDLE".to_owned(), bundle.clone()));
        // Node's name for the same.
        variables.push(("NODE_EXTRA_CA_CERTS".to_owned(), bundle));
        Self {
            variables,
            _folder: folder,
        }
    }
}

async fn serve(tls: &TlsAcceptor) -> Vec<(String, String)> {
    let database = listen(Ipv4Addr::LOCALHOST).await;
    let others = listen(Ipv4Addr::LOCALHOST).await;
    let of_database = database.local_addr().unwrap();
    let of_others = others.local_addr().unwrap();
    let memory = dynoxide::Database::memory().unwrap();
    tokio::spawn(dynoxide::server::serve_on(database, memory));
    let app = Router::new()
        .fallback(answer)
        .with_state(Objects::default());
    tokio::spawn(async { axum::serve(others, app).await.unwrap() });
    let (client, _) = test_support::dynamodb_at(&format!("http://{of_database}"));
    data::fill(&client).await;

    let mut variables = Vec::new();
    for (variable, address) in SERVICES {
        let listener = listen(address).await;
        let endpoint = format!("https://{}", listener.local_addr().unwrap());
        let backend = match variable {
            "AWS_ENDPOINT_URL_DYNAMODB" => of_database,
            _ => of_others,
        };
        tokio::spawn(terminate(listener, tls.clone(), backend));
        variables.push((variable.to_owned(), endpoint));
    }
    variables
}

async fn listen(address: Ipv4Addr) -> TcpListener {
    TcpListener::bind((address, 0)).await.unwrap()
}

/// Takes the TLS off what comes in.
async fn terminate(listener: TcpListener, tls: TlsAcceptor, backend: SocketAddr) {
    loop {
        let (client, _) = listener.accept().await.unwrap();
        let tls = tls.clone();
        tokio::spawn(async move {
            client.set_nodelay(true)?;
            let mut client = tls.accept(client).await?;
            let mut server = TcpStream::connect(backend).await?;
            server.set_nodelay(true)?;
            // Functions are killed between two requests as a rule.
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            io::Result::Ok(())
        });
    }
}

/// What was put into the bucket.
type Objects = Arc<Mutex<HashMap<String, Bytes>>>;

/// As little of Secrets Manager, SQS and S3 as functions ask of them.
async fn answer(
    State(objects): State<Objects>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let target = headers
        .get("x-amz-target")
        .map(|value| value.to_str().unwrap());
    let path = uri.path().to_owned();
    match (target, method) {
        (Some("secretsmanager.GetSecretValue"), _) => {
            let asked: Value = serde_json::from_slice(&body).unwrap();
            let secret = match asked["SecretId"].as_str() {
                Some(KEYS) => json!({ "master_key": MASTER_KEY }),
                Some(CREDENTIALS) => json!({
                    "intercom_client_id": "bench-client-id",
                    "intercom_client_secret": CLIENT_SECRET,
                }),
                _ => return StatusCode::BAD_REQUEST.into_response(),
            };
            axum::Json(json!({ "Name": "bench", "SecretString": secret.to_string() }))
                .into_response()
        }
        (Some("AmazonSQS.SendMessage"), _) => {
            axum::Json(json!({ "MessageId": "1", "MD5OfMessageBody": "" })).into_response()
        }
        (None, Method::PUT) => {
            objects.lock().unwrap().insert(path, body);
            [("etag", "\"0\"")].into_response()
        }
        // Nothing that is erased here was ever recorded.
        (None, Method::GET) if uri.query().is_some_and(|query| query.contains("list-type=2")) => {
            "<ListBucketResult><IsTruncated>false</IsTruncated><KeyCount>0</KeyCount></ListBucketResult>"
                .into_response()
        }
        (None, Method::GET) => match objects.lock().unwrap().get(&path) {
            Some(object) => {
                let modified = "Fri, 20 Nov 2026 12:00:00 GMT";
                (
                    [("etag", "\"0\""), ("last-modified", modified)],
                    object.clone(),
                )
                    .into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        },
        _ => StatusCode::NOT_IMPLEMENTED.into_response(),
    }
}
