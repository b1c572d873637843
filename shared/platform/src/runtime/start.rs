//! A function's start, and what Lambda and the operator are told when it fails.

use std::process::ExitCode;
use std::time::Duration;

use lambda_http::Error;
use lambda_http::lambda_runtime::Diagnostic;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::config::ConfigError;
use crate::fault::Fault;
use crate::secrets::SecretsError;
use crate::telemetry::{self, Chain};

/// Longest wait for Lambda to take the report: it is on the same machine.
const REPORT_TIMEOUT: Duration = Duration::from_secs(1);

/// Runs a function: the body of each `main`. `function` is the package's name, `serve` reads the environment
/// and ends with [`super::http`] or [`super::worker`].
///
/// What stands in the way is one log line with `error.type` and `retryable`, and the init error that Lambda
/// shows.
pub async fn start<F>(function: &'static str, serve: F) -> ExitCode
where
    F: Future<Output = Result<(), Error>>,
{
    telemetry::init(function);
    let Err(error) = serve.await else {
        return ExitCode::SUCCESS;
    };
    let diagnostic = diagnose(&error);
    tracing::error!(
        "error.type" = diagnostic.error_type,
        retryable = is_transient(&error),
        error = diagnostic.error_message,
        "the function stopped"
    );
    if let Ok(runtime_api) = std::env::var("AWS_LAMBDA_RUNTIME_API") {
        // The line is written; that Lambda shows it as well is a courtesy.
        let _ = tokio::time::timeout(REPORT_TIMEOUT, report(&runtime_api, &diagnostic)).await;
    }
    ExitCode::FAILURE
}

fn diagnose(error: &Error) -> Diagnostic {
    Diagnostic {
        error_type: fault(error)
            .map_or("start.failed", Fault::error_type)
            .to_owned(),
        error_message: Chain(error.as_ref()).to_string(),
    }
}

fn is_transient(error: &Error) -> bool {
    fault(error).is_some_and(Fault::is_transient)
}

fn fault(error: &Error) -> Option<&dyn Fault> {
    let config = error.downcast_ref::<ConfigError>();
    let secrets = error.downcast_ref::<SecretsError>();
    config
        .map(|error| error as &dyn Fault)
        .or_else(|| secrets.map(|error| error as &dyn Fault))
}

/// `POST /runtime/init/error` of Lambda's Runtime API, which `lambda_runtime` leaves out.
async fn report(runtime_api: &str, diagnostic: &Diagnostic) -> std::io::Result<()> {
    let body = serde_json::to_string(diagnostic)?;
    let request = format!(
        "POST /2018-06-01/runtime/init/error HTTP/1.1\r\n\
         Host: {runtime_api}\r\n\
         Content-Type: application/json\r\n\
         Content-Length: {}\r\n\
         Connection: close\r\n\
         Lambda-Runtime-Function-Error-Type: {}\r\n\r\n{body}",
        body.len(),
        diagnostic.error_type,
    );
    let mut connection = TcpStream::connect(runtime_api).await?;
    connection.write_all(request.as_bytes()).await?;
    // Lambda has taken it once it answers.
    connection.read_u8().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn what_stands_in_the_way_is_told_apart() {
        let missing = ConfigError::Missing {
            name: "TABLE_NAME",
            holds: "a table",
        };
        for (error, error_type, retryable) in [
            (Error::from(missing), "config.missing", false),
            (SecretsError::Malformed.into(), "secrets.malformed", false),
            (
                SecretsError::Unavailable("timeout".into()).into(),
                "secrets.unavailable",
                true,
            ),
            ("no port".into(), "start.failed", false),
        ] {
            assert_eq!(diagnose(&error).error_type, error_type);
            assert_eq!(is_transient(&error), retryable, "{error_type}");
        }
    }

    #[tokio::test]
    async fn lambda_is_told_why_a_function_does_not_start() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let lambda = async {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4_096];
            let length = connection.read(&mut request).await.unwrap();
            connection
                .write_all(b"HTTP/1.1 202 Accepted\r\n\r\n")
                .await
                .unwrap();
            String::from_utf8(request[..length].to_vec()).unwrap()
        };
        let diagnostic = diagnose(&"the secret \"x\" is gone".into());

        let (request, reported) = tokio::join!(lambda, report(&address, &diagnostic));

        reported.unwrap();
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /2018-06-01/runtime/init/error HTTP/1.1\r\n"));
        let body: Value = serde_json::from_str(body).unwrap();
        let expected =
            json!({"errorType": "start.failed", "errorMessage": "the secret \"x\" is gone"});
        assert_eq!(body, expected);
    }
}
