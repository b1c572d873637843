//! What whoever types `make run` sees.

use std::{fmt, io, path::Path, process::ExitCode};

use platform::config::Environment;
use tokio::signal;
use tracing_subscriber::EnvFilter;

use crate::{Bundle, Config, StartError};

/// What `--help` says.
const HELP: &str = "\
Serves all of Recapt on this machine, with a pretend Intercom: PORT=9001 make run

  PORT              9000, on 127.0.0.1; 0 takes any free port
  DATA_DIR          .local, the folder with everything that is stored
  DEMO              1; 0 starts without people and recordings
  WRITE_KEY         local-write-key, for recorders
  SECRET_KEY        local-secret-key, for backends
  SOURCE_KEY        local-source-key, for analytics clients
  IDENTITY_SECRET   local-identity-secret, what user_hash is signed with

The README has the others. Ctrl-C stops it; the data stay.";

/// Starts the bundle as the environment says, and serves until Ctrl-C or a termination signal.
///
/// When it cannot start, one sentence on standard error says what stands in the way and what to do about it,
/// and the exit code is 1.
pub async fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        None => {}
        Some("-h" | "--help") => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        // Not repeated: it may be a key that somebody meant to set.
        Some(_) => {
            eprintln!(
                "It takes no arguments but --help: everything is set by environment variables."
            );
            return ExitCode::FAILURE;
        }
    }
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
    println!("Starting ...");
    // Boxed: it carries the start of every function.
    let bundle = Box::pin(Bundle::start(config)).await?;
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
  Sessions   {url}/sessions                                      sign in at Settings first
  Problems   {url}/problems                                      the same
  App Store  {url}/intercom/appstore
  Gallery    {url}/gallery
  Record     POST {url}/v1/sessions/{{session_id}}/chunks/{{seq}}   with WRITE_KEY
  Read       GET  {url}/v1/sessions/{{session_id}}                with SECRET_KEY
  Collect    POST {url}/v1/batch                                with SOURCE_KEY, from any analytics client
  Canvas     POST {url}/canvas/initialize                       signed with INTERCOM_CLIENT_SECRET
  Webhooks   POST {url}/webhooks                                the same
  Data       {data_dir}

  Ctrl-C stops it; the data stay.
",
            data_dir = data_dir.display()
        )
    }
}
