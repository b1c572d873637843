//! The API gateway of local mode: turns an HTTP request into the one that a function would get from Lambda.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use http::StatusCode;
use lambda_http::{Body, RequestExt};
use platform::http::ApiError;
use tokio::sync::Semaphore;

use crate::functions::Functions;

/// Largest body that reaches a function, bytes. Far over what Lambda takes, so that the functions' own limits are the
/// ones that answer, and a client can finish sending before it reads that its body is too large.
const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;

/// Chunks that are received and read at the same time; the others wait. On Lambda each has an execution of its own, here
/// they share one memory, and each may take some 200 MB of it.
const CHUNKS_AT_ONCE: usize = 4;

#[derive(Clone, Copy)]
enum Function {
    Canvas,
    Installation,
    OauthCallback,
    Record,
    Sessions,
    Settings,
    VerifyWebhook,
}

/// Which function serves which paths: the table that the deployed stack has as well.
const ROUTES: [(&str, Function); 12] = [
    ("/canvas/{*path}", Function::Canvas),
    ("/install", Function::OauthCallback),
    ("/oauth/{*path}", Function::OauthCallback),
    ("/uninstall", Function::Installation),
    ("/health", Function::Installation),
    ("/people/{*path}", Function::Sessions),
    ("/recorder.js", Function::Record),
    ("/sessions", Function::Sessions),
    ("/sessions/{*path}", Function::Sessions),
    ("/settings/{*path}", Function::Settings),
    ("/v1/{*path}", Function::Record),
    ("/webhooks", Function::VerifyWebhook),
];

/// The functions, and who may call them now.
#[derive(Clone)]
struct Gateway {
    functions: Functions,
    chunks: Arc<Semaphore>,
}

/// The functions' routes.
pub(crate) fn routes(functions: Functions) -> Router {
    // The deployed stack hands everything to `record` that it hands to nobody else.
    let recorder = format!("/{}", web::RECORDER.file_name);
    let router = ROUTES
        .into_iter()
        .chain([(recorder.as_str(), Function::Record)])
        .fold(Router::new(), |router, (path, function)| {
            let handler = move |State(gateway), request| serve(gateway, function, request);
            router.route(path, any(handler))
        });
    router.with_state(Gateway {
        functions,
        chunks: Arc::new(Semaphore::new(CHUNKS_AT_ONCE)),
    })
}

async fn serve(gateway: Gateway, function: Function, request: Request) -> Response {
    let _turn = match function {
        // It is never closed.
        Function::Record => gateway.chunks.acquire().await.ok(),
        _ => None,
    };
    let response = match to_lambda(request).await {
        Some(request) => call(&gateway.functions, function, request).await,
        None => too_large(),
    };
    response.map(|body| axum::body::Body::from(body.to_vec()))
}

async fn call(
    functions: &Functions,
    function: Function,
    request: lambda_http::Request,
) -> lambda_http::Response<Body> {
    match function {
        Function::Canvas => canvas::handle(&functions.canvas, request).await,
        Function::Installation => installation::handle(&functions.installation, request).await,
        Function::OauthCallback => oauth_callback::handle(&functions.oauth_callback, request).await,
        Function::Record => record::handle(&functions.record, request).await,
        Function::Sessions => sessions::handle(&functions.sessions, request).await,
        Function::Settings => settings::handle(&functions.settings, request).await,
        Function::VerifyWebhook => verify_webhook::handle(&functions.verify_webhook, request).await,
    }
}

/// `None` when the body is too large.
async fn to_lambda(request: Request) -> Option<lambda_http::Request> {
    let (parts, body) = request.into_parts();
    let body = match axum::body::to_bytes(body, MAX_BODY_BYTES).await.ok()? {
        empty if empty.is_empty() => Body::Empty,
        bytes => Body::Binary(bytes.into()),
    };
    let path = parts.uri.path().to_owned();
    Some(lambda_http::Request::from_parts(parts, body).with_raw_http_path(&path))
}

fn too_large() -> lambda_http::Response<Body> {
    let message = format!("Send at most {MAX_BODY_BYTES} bytes.");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message).into_response()
}
