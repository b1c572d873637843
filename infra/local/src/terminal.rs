//! What whoever types `make run` sees.

use std::{fmt, io, path::Path, process::ExitCode};

use platform::config::Environment;
use tokio::signal;
use tracing_subscriber::EnvFilter;

use crate::{Bundle, Config, StartError};

/// Starts the bundle as the environment says, and serves until Ctrl-C or a termination signal.
///
/// When it cannot start, one sentence on standard error says what stands in the way and what to do about it,
/// and the exit code is 1.
pub async fn main() -> ExitCode {
    init_log();
    #[cfg(feature = "failpoints")]
    crate::failpoints::arm(&Environment::of_process());
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), StartError> {
    let config = Config::from_environment(&Environment::of_process())?;
    let data_dir = config.data_dir.clone();
    let demo = config.demo;
    println!(
        "{}",
        if demo {
            "Starting, and uploading the demo's recordings ..."
        } else {
            "Starting ..."
        }
    );
    let bundle = Bundle::start(config).await?;
    println!(
        "{}",
        Addresses {
            url: &bundle.url(),
            data_dir: &data_dir
        }
    );
    stop_asked_for().await;
    println!("Stopping ...");
    bundle.shutdown().await;
    Ok(())
}

/// Warnings and errors as readable lines on standard error; `RUST_LOG` shows more. The embedded database
/// calls every refused condition a warning, and conditions are how the store works.
fn init_log() {
    let level =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,dynoxide=error"));
    tracing_subscriber::fmt()
        .with_env_filter(level)
        .with_writer(io::stderr)
        .init();
}

async fn stop_asked_for() {
    #[cfg(unix)]
    if let Ok(mut terminated) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        return;
    }
    let _ = signal::ctrl_c().await;
}

struct Addresses<'a> {
    url: &'a str,
    data_dir: &'a Path,
}

impl fmt::Display for Addresses<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, data_dir } = self;
        let data_dir = std::path::absolute(data_dir).unwrap_or_else(|_| data_dir.to_path_buf());
        write!(
            formatter,
            "
  Inbox      {url}/
  Shop       {url}/shop                                          recorded as you click
  Settings   {url}/settings/integrations/intercom
  Sessions   {url}/sessions                                      once signed in at Settings
  App Store  {url}/intercom/appstore
  Gallery    {url}/gallery
  Record     POST {url}/v1/sessions/{{session_id}}/chunks/{{seq}}   with WRITE_KEY
  Read       GET  {url}/v1/sessions/{{session_id}}                with SECRET_KEY
  Canvas     POST {url}/canvas/initialize                       signed with INTERCOM_CLIENT_SECRET
  Webhooks   POST {url}/webhooks                                the same
  Data       {data_dir}

  Ctrl-C stops it; the data stay.
",
            data_dir = data_dir.display()
        )
    }
}
