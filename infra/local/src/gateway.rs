//! The API gateway of local mode: turns an HTTP request into the one that a function would get from Lambda.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::any,
};
use lambda_http::Body;
use platform::edge;
use platform::http::ApiError;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use crate::body;
use crate::functions::Functions;

/// Chunks that are read at the same time; the others wait. On Lambda each has an execution of its own,
/// here they share one memory, and each may take some 200 MB of it. None waits for one that is still
/// being sent.
const CHUNKS_AT_ONCE: usize = 4;

#[derive(Clone, Copy)]
enum Function {
    Accounts,
    Canvas,
    Collect,
    Installation,
    OauthCallback,
    Record,
    Rest,
    Sessions,
    Settings,
    VerifyWebhook,
}

/// Which function serves which paths: the table that the deployed stack has as well.
const ROUTES: [(&str, Function); 52] = [
    ("/api/s/{*path}", Function::Collect),
    ("/beacon/v1/batch", Function::Collect),
    ("/canvas/{*path}", Function::Canvas),
    ("/install", Function::OauthCallback),
    ("/oauth/{*path}", Function::OauthCallback),
    ("/uninstall", Function::Installation),
    ("/health", Function::Installation),
    ("/people/{*path}", Function::Sessions),
    ("/companies", Function::Accounts),
    ("/companies/{*path}", Function::Accounts),
    ("/conversations/{*path}", Function::Accounts),
    ("/problems", Function::Accounts),
    ("/problems/{*path}", Function::Accounts),
    ("/projects/{*path}", Function::Collect),
    ("/recorder.js", Function::Record),
    ("/recorder/{*path}", Function::Record),
    ("/sdk/batch", Function::Collect),
    ("/sessions", Function::Sessions),
    ("/sessions/{*path}", Function::Sessions),
    ("/settings/{*path}", Function::Settings),
    ("/sourceConfig", Function::Collect),
    ("/v1/identify", Function::Collect),
    ("/v1/track", Function::Collect),
    ("/v1/page", Function::Collect),
    ("/v1/screen", Function::Collect),
    ("/v1/group", Function::Collect),
    ("/v1/alias", Function::Collect),
    ("/v1/batch", Function::Collect),
    ("/v1/import", Function::Collect),
    ("/v1/i", Function::Collect),
    ("/v1/t", Function::Collect),
    ("/v1/p", Function::Collect),
    ("/v1/s", Function::Collect),
    ("/v1/g", Function::Collect),
    ("/v1/a", Function::Collect),
    ("/v1/b", Function::Collect),
    ("/v1/m", Function::Collect),
    ("/v1/companies", Function::Rest),
    ("/v1/companies/{*path}", Function::Rest),
    ("/v1/conversations", Function::Rest),
    ("/v1/conversations/{*path}", Function::Rest),
    ("/v1/deliveries", Function::Rest),
    ("/v1/deliveries/{*path}", Function::Rest),
    ("/v1/events", Function::Rest),
    ("/v1/links", Function::Rest),
    ("/v1/problems", Function::Rest),
    ("/v1/problems/{*path}", Function::Rest),
    ("/v1/projects/{*path}", Function::Collect),
    ("/v1/sources", Function::Rest),
    ("/v1/sources/{*path}", Function::Rest),
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
    let received = to_lambda(request).await;
    // A turn is taken once there is something to read: who stalls holds up nobody.
    let _turn = match function {
        // It is never closed.
        Function::Record => gateway.chunks.acquire().await.ok(),
        _ => None,
    };
    let response = match received {
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
        Function::Accounts => accounts::handle(&functions.accounts, request).await,
        Function::Canvas => canvas::handle(&functions.canvas, request).await,
        Function::Collect => collect::handle(&functions.collect, request).await,
        Function::Installation => installation::handle(&functions.installation, request).await,
        Function::OauthCallback => oauth_callback::handle(&functions.oauth_callback, request).await,
        Function::Record => record::handle(&functions.record, request).await,
        Function::Rest => rest::handle(&functions.rest, request).await,
        Function::Sessions => sessions::handle(&functions.sessions, request).await,
        Function::Settings => settings::handle(&functions.settings, request).await,
        Function::VerifyWebhook => verify_webhook::handle(&functions.verify_webhook, request).await,
    }
}

/// # Errors
/// Those of [`body::receive`].
async fn to_lambda(request: Request) -> Result<lambda_http::Request, ApiError> {
    let (parts, body) = request.into_parts();
    let body = body::receive(&parts.headers, body).await?;
    Ok(lambda_http::Request::from_parts(parts, body))
}
