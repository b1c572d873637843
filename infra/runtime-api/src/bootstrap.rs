//! A function's program and the environment that it is started in.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::api::Api;
use crate::error::Error;
use crate::output::Output;
use crate::process::Process;

/// Where all environments of this machine pretend to be.
const REGION: &str = "us-east-1";

/// A program that is to be started as Lambda starts one.
#[derive(Debug, Clone)]
pub struct Bootstrap {
    program: PathBuf,
    arguments: Vec<OsString>,
    name: String,
    megabytes: u32,
    variables: Vec<(OsString, OsString)>,
    discard: bool,
}

impl Bootstrap {
    /// A program. The function is called what its file is called.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        let program = program.into();
        let name = program.file_name().map(OsStr::to_string_lossy);
        Self {
            name: name.unwrap_or_default().into_owned(),
            program,
            arguments: Vec::new(),
            megabytes: 256,
            variables: Vec::new(),
            discard: false,
        }
    }

    /// Adds an argument, for programs that are an interpreter.
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets the name of the function, which its log lines and metrics may show.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the memory that the function is told to have, in megabytes: 256 unless set. Enforces nothing;
    /// see [`Process::throttle`].
    pub fn memory(mut self, megabytes: u32) -> Self {
        self.megabytes = megabytes;
        self
    }

    /// Sets a variable, over what Lambda would set.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Sets several variables.
    pub fn envs<N: Into<OsString>, V: Into<OsString>>(
        self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        variables
            .into_iter()
            .fold(self, |this, (name, value)| this.env(name, value))
    }

    /// Throws away what the function prints, rather than keeping it for [`Process::lines`]: reading it would
    /// cost the time of the CPU that is measured.
    pub fn discard_output(mut self) -> Self {
        self.discard = true;
        self
    }

    /// Starts the program, with the variables that Lambda sets and those set here, and no others.
    ///
    /// # Errors
    /// [`Error::Start`] when there is no port, or no such program.
    pub fn start(&self) -> Result<Process, Error> {
        let failed = |source| Error::Start {
            program: self.program.clone(),
            source,
        };
        let (api, reports) = Api::listen().map_err(failed)?;
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .env_clear()
            .envs(self.of_lambda())
            .env("AWS_LAMBDA_RUNTIME_API", api.address().to_string())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        let (stdout, stderr) = if self.discard {
            (Stdio::null(), Stdio::null())
        } else {
            (Stdio::piped(), Stdio::piped())
        };
        command.stdout(stdout).stderr(stderr);
        let started = Instant::now();
        let mut child = command.spawn().map_err(failed)?;
        let mut output = Output::default();
        if let Some(pipe) = child.stdout.take() {
            output.collect(pipe);
        }
        if let Some(pipe) = child.stderr.take() {
            output.collect(pipe);
        }
        Ok(Process::new(
            child, api, reports, output, started, &self.name,
        ))
    }

    /// The variables of <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>, with JSON
    /// logs.
    fn of_lambda(&self) -> Vec<(&'static str, OsString)> {
        let folder = self.program.parent().unwrap_or(Path::new("."));
        vec![
            ("_HANDLER", "bootstrap".into()),
            ("AWS_ACCESS_KEY_ID", "test".into()),
            ("AWS_DEFAULT_REGION", REGION.into()),
            (
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                self.megabytes.to_string().into(),
            ),
            ("AWS_LAMBDA_FUNCTION_NAME", self.name.as_str().into()),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".into()),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".into()),
            ("AWS_LAMBDA_LOG_FORMAT", "JSON".into()),
            (
                "AWS_LAMBDA_LOG_GROUP_NAME",
                format!("/aws/lambda/{}", self.name).into(),
            ),
            ("AWS_LAMBDA_LOG_LEVEL", "INFO".into()),
            (
                "AWS_LAMBDA_LOG_STREAM_NAME",
                "2026/11/20/[$LATEST]0000".into(),
            ),
            ("AWS_REGION", REGION.into()),
            ("AWS_SECRET_ACCESS_KEY", "test".into()),
            ("AWS_SESSION_TOKEN", "test".into()),
            ("LAMBDA_RUNTIME_DIR", "/var/runtime".into()),
            ("LAMBDA_TASK_ROOT", folder.into()),
            ("LANG", "en_US.UTF-8".into()),
            ("PATH", "/usr/local/bin:/usr/bin:/bin".into()),
            ("TZ", ":UTC".into()),
        ]
    }
}
