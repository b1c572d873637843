//! The API gateway of local mode: turns an HTTP request into the one that a function would get from Lambda.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::any,
};
use http::StatusCode;
use lambda_http::{Body, RequestExt};

/// Largest body that reaches a function, bytes. Over Lambda's own 6 MB, so that the functions' limits are the ones
/// that answer.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// The functions behind HTTP, ready to be called.
#[derive(Clone)]
pub(crate) struct Functions {
    /// Serves `/canvas/…`.
    pub(crate) canvas: Arc<canvas::State>,
    /// Serves `/v1/…`.
    pub(crate) record: Arc<record::State>,
}

#[derive(Clone, Copy)]
enum Function {
    Canvas,
    Record,
}

/// Which function serves which paths: the table that the deployed stack has as well.
const ROUTES: [(&str, Function); 2] = [
    ("/canvas/{*path}", Function::Canvas),
    ("/v1/{*path}", Function::Record),
];

/// The functions' routes.
pub(crate) fn routes(functions: Functions) -> Router {
    let router = ROUTES.into_iter().fold(Router::new(), |router, (path, function)| {
        let handler = move |State(functions), request| serve(functions, function, request);
        router.route(path, any(handler))
    });
    router.with_state(functions)
}

async fn serve(functions: Functions, function: Function, request: Request) -> Response {
    let Some(request) = to_lambda(request).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let response = match function {
        Function::Canvas => canvas::handle(&functions.canvas, request).await,
        Function::Record => record::handle(&functions.record, request).await,
    };
    response.map(|body| axum::body::Body::from(body.to_vec()))
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
