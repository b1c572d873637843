//! Somebody else's site: its own origin, its own policy, pages that any text can be put into.

use axum::Router;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use http::header::CONTENT_SECURITY_POLICY;
use tokio::net::TcpListener;

/// Serves this page on `/` under this Content-Security-Policy, and 404 elsewhere; gives the address.
pub(crate) async fn serve(policy: Option<String>, page: String) -> String {
    let answer = move || async move {
        let page = Html(page).into_response();
        match policy {
            Some(policy) => ([(CONTENT_SECURITY_POLICY, policy)], page).into_response(),
            None => page,
        }
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/", get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}
