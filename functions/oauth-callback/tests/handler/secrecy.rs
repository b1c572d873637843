//! What no page, log line or row shows.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use intercom::fake::Fault;
use test_support::{CLIENT_SECRET, TOKEN};
use tracing_subscriber::fmt::MakeWriter;

use crate::fixture::{CODE, EXCHANGE, Fixture, text};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_token_code_key_or_secret_is_shown_or_kept_in_clear() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let fixture = Fixture::start().await;
    let mut shown = String::new();

    let attempt = fixture.begin("/install").await;
    let response = fixture.finish(&attempt).await;
    shown += &format!("{:?}{}", response.headers(), text(&response));
    let key = fixture.handover(&response).await.first_secret_key.unwrap();
    for (path, fault) in [
        (EXCHANGE, Fault::refusal(401, "unauthorized")),
        ("/me", Fault::refusal(500, "server_error")),
    ] {
        fixture.intercom_fails(path, fault);
        let response = fixture.connect().await;
        shown += &format!("{:?}{}", response.headers(), text(&response));
    }
    let rows = fixture.rows().await.join("\n");
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let ours: String = log
        .lines()
        .filter(|line| !line.contains("hyper") && !line.contains("aws_"))
        .collect();
    assert!(
        ours.contains("workspace connected") && ours.contains("connecting failed"),
        "{ours}"
    );
    for secret in [
        TOKEN,
        CLIENT_SECRET,
        CODE,
        key.expose(),
        &attempt.state,
        "ada@acme.example",
    ] {
        for (place, text) in [("an answer", &shown), ("a row", &rows), ("the log", &ours)] {
            assert!(!text.contains(secret), "{secret} stands in {place}: {text}");
        }
    }
}
