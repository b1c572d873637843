//! The API gateway of local mode: turns an HTTP request into the one that a function would get from Lambda.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use http::StatusCode;
use lambda_http::Body;
use platform::edge;
use platform::http::ApiError;
use runtime_api::events;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use crate::functions::Functions;

/// Largest body that is received, bytes. Far over what Lambda hands to a function, so that a client can
/// finish sending before it reads that its body is too large.
const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;

/// Chunks that are received and read at the same time; the others wait. On Lambda each has an execution of
/// its own, here they share one memory, and each may take some 200 MB of it.
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

/// Serves everything of a router at its addresses without idle slashes: `/sessions/` is `/sessions`.
pub(crate) fn without_idle_slashes(router: Router) -> Router {
    Router::new().fallback(move |mut request: Request| {
        edge::without_idle_slashes(request.uri_mut());
        router.clone().oneshot(request)
    })
}

async fn serve(gateway: Gateway, function: Function, request: Request) -> Response {
    let _turn = match function {
        // It is never closed.
        Function::Record => gateway.chunks.acquire().await.ok(),
        _ => None,
    };
    let response = match to_lambda(request).await {
        Ok(request) => {
            let handler = |request| call(&gateway.functions, function, request);
            edge::answer(request, handler).await
        }
        Err(refusal) => refusal.into_response(),
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

/// # Errors
/// 413 for a body that no function on Lambda would get: Lambda itself refuses it there, with no words of
/// ours.
async fn to_lambda(request: Request) -> Result<lambda_http::Request, ApiError> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, MAX_BODY_BYTES).await;
    let body = body.map_err(|_| too_large())?;
    if events::body_bytes(&parts.headers, &body) > events::MAX_BYTES {
        return Err(too_large());
    }
    let body = match body.is_empty() {
        true => Body::Empty,
        false => Body::Binary(body.into()),
    };
    Ok(lambda_http::Request::from_parts(parts, body))
}

fn too_large() -> ApiError {
    let message = format!(
        "Lambda hands at most {} bytes to a function, and of what is not text it makes base64 first, a third more. \
         Send it in smaller pieces.",
        events::MAX_BYTES
    );
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", message)
}
