//! As much of Intercom as a disconnect meets.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;

/// Answers every uninstall alike, and remembers with which token it was asked.
#[derive(Clone)]
pub(crate) struct PretendIntercom {
    answer: Arc<Mutex<StatusCode>>,
    tokens: Arc<Mutex<Vec<String>>>,
    pub(crate) address: String,
}

impl PretendIntercom {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let intercom = Self {
            answer: Arc::new(Mutex::new(StatusCode::OK)),
            tokens: Arc::default(),
            address: format!("http://{}", listener.local_addr().unwrap()),
        };
        let router = Router::new()
            .route("/auth/uninstall", post(uninstall))
            .with_state(intercom.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        intercom
    }

    /// What uninstalls are answered with from now on.
    pub(crate) fn answer_with(&self, status: StatusCode) {
        *self.answer.lock().unwrap() = status;
    }

    /// The tokens of the uninstalls so far.
    pub(crate) fn uninstalled(&self) -> Vec<String> {
        self.tokens.lock().unwrap().clone()
    }
}

async fn uninstall(State(intercom): State<PretendIntercom>, headers: HeaderMap) -> StatusCode {
    let token = headers["authorization"].to_str().unwrap();
    let token = token.trim_start_matches("Bearer ").to_owned();
    intercom.tokens.lock().unwrap().push(token);
    *intercom.answer.lock().unwrap()
}
