//! The secret while an operator changes it, read from a Secrets Manager of a few lines.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)] // All of it is tests.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use platform::aws::Patience;
use platform::config::Environment;
use platform::secrets::{LiveSecrets, Needs, Secrets, SecretsError};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What Secrets Manager holds, and how often it was asked.
#[derive(Clone, Default)]
struct Stub(Arc<Mutex<(Option<String>, usize)>>);

impl Stub {
    /// Holds a secret with this client secret; without one it fails.
    fn hold(&self, client_secret: Option<&str>) {
        let secret = client_secret.map(|client_secret| {
            json!({"master_key": "0f".repeat(32), "intercom_client_id": "id", "intercom_client_secret": client_secret})
                .to_string()
        });
        self.0.lock().unwrap().0 = secret;
    }

    fn take_calls(&self) -> usize {
        std::mem::take(&mut self.0.lock().unwrap().1)
    }

    async fn serve(self, listener: TcpListener) {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            tokio::spawn(self.clone().answer(connection));
        }
    }

    async fn answer(self, mut connection: TcpStream) {
        let mut request = vec![0; 64 * 1024];
        let mut length = 0;
        loop {
            length += connection.read(&mut request[length..]).await.unwrap();
            if request[..length].ends_with(b"}") {
                break;
            }
        }
        let secret = {
            let mut held = self.0.lock().unwrap();
            held.1 += 1;
            held.0.clone()
        };
        let (status, body) = match secret {
            Some(secret) => ("200 OK", json!({"ARN": "arn", "SecretString": secret})),
            None => (
                "400 Bad Request",
                json!({"__type": "ResourceNotFoundException"}),
            ),
        };
        let body = body.to_string();
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        connection.write_all(answer.as_bytes()).await.unwrap();
    }
}

/// A Secrets Manager that holds `first`, and the secrets read from it.
async fn start(now: Timestamp) -> (Stub, LiveSecrets) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let stub = Stub::default();
    stub.hold(Some("first"));
    tokio::spawn(stub.clone().serve(listener));
    let environment: Environment = [
        ("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:1:secret:s"),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &endpoint),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "key"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into_iter()
    .collect();
    let services = platform::aws::services(&environment, Patience::REQUEST).unwrap();
    let secrets = LiveSecrets::read(&services, &environment, Needs::Keys, now, |secrets| {
        secrets.master_key().map(drop)
    })
    .await
    .unwrap();
    assert_eq!(stub.take_calls(), 1);
    (stub, secrets)
}

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

fn client_secret(secrets: &Secrets) -> String {
    secrets.client_secret().unwrap().expose().to_owned()
}

#[tokio::test]
async fn the_secret_is_read_again_after_five_minutes() {
    let (stub, secrets) = start(at(0)).await;
    stub.hold(Some("second"));
    for (second, expected, calls) in [
        (1, "first", 0),
        (299, "first", 0),
        (300, "second", 1),
        (301, "second", 0),
        (599, "second", 0),
        (600, "second", 1),
    ] {
        let read = secrets.clone().current(at(second)).await;
        assert_eq!(
            (client_secret(&read).as_str(), stub.take_calls()),
            (expected, calls),
            "{second}"
        );
    }
}

#[tokio::test]
async fn a_signature_that_does_not_fit_has_it_read_again_at_most_once_a_minute() {
    let (stub, secrets) = start(at(0)).await;
    stub.hold(Some("second"));
    for (second, expected, calls) in [
        (59, "first", 0),
        (60, "second", 1),
        (61, "second", 0),
        (119, "second", 0),
        (120, "second", 1),
    ] {
        let read = secrets.renewed(at(second)).await;
        assert_eq!(
            (client_secret(&read).as_str(), stub.take_calls()),
            (expected, calls),
            "{second}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_read_or_used_leaves_the_old_secret_in_service() {
    let (stub, secrets) = start(at(0)).await;
    let broken = json!({"intercom_client_secret": "second"}).to_string();
    for (second, held, calls) in [
        (300, None, 1),
        (301, None, 0),
        (360, Some(broken), 1),
        (361, Some("hunter2".to_owned()), 0),
        (420, Some("hunter2".to_owned()), 1),
    ] {
        stub.0.lock().unwrap().0 = held;
        let read = secrets.current(at(second)).await;
        assert_eq!(
            (client_secret(&read).as_str(), stub.take_calls()),
            ("first", calls),
            "{second}"
        );
    }
}

#[tokio::test]
async fn many_at_once_read_once() {
    let (stub, secrets) = start(at(0)).await;
    stub.hold(Some("second"));
    let reads = (0..20).map(|_| secrets.current(at(300)));
    futures::future::join_all(reads).await;
    assert_eq!(stub.take_calls(), 1);
    let read = secrets.current(at(301)).await;
    assert_eq!(client_secret(&read), "second");
}

#[tokio::test]
async fn without_secrets_manager_the_environment_counts_for_good() {
    let environment: Environment = [("INTERCOM_CLIENT_SECRET".to_owned(), "local".to_owned())]
        .into_iter()
        .collect();
    let secrets = LiveSecrets::fixed(Secrets::of_environment(&environment));
    for read in [
        secrets.current(at(1_000)).await,
        secrets.renewed(at(2_000)).await,
    ] {
        assert_eq!(client_secret(&read), "local");
        assert!(matches!(
            read.client_id(),
            Err(SecretsError::Invalid { .. })
        ));
    }
    assert_eq!(format!("{secrets:?}"), "LiveSecrets(redacted)");
}
