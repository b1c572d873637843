//! A deployed function: its program in the environment that the stack gives it.

use std::path::Path;
use std::time::Duration;

use http::{Request, Response};
use jiff::Timestamp;
use runtime_api::events::{self, Message};
use runtime_api::{Answer, Bootstrap, Error, Invocation, Process};
use serde_json::{Value, json};
use tokio::task::block_in_place;

use crate::actions::Call;
use crate::configuration;
use crate::created::FunctionDescription;
use crate::emulator::Emulator;
use crate::faults::Faults;
use crate::proxy::{Endpoints, Proxy};

/// What functions find around them.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub(crate) aws: Endpoints,
    pub(crate) intercom: String,
    /// What goes wrong on the way to AWS.
    pub(crate) faults: Faults,
}

/// One instance of a function.
pub(crate) struct Function {
    process: Process,
    proxy: Proxy,
    /// AWS without the proxy, for what is not the function's doing.
    pub(crate) outside: Emulator,
    /// What goes wrong on the function's way to AWS.
    pub(crate) faults: Faults,
    invocations: usize,
    pub(crate) description: FunctionDescription,
}

impl Function {
    /// Starts the program with exactly the environment of the stack, but for where AWS and Intercom are, and
    /// with a line of log for each variable that it reads.
    pub(crate) async fn start(
        package: &str,
        program: &Path,
        description: &FunctionDescription,
        surroundings: &Surroundings,
    ) -> Self {
        let Surroundings {
            aws,
            intercom,
            faults,
        } = surroundings;
        let proxy = Proxy::start(aws, faults).await;
        let mut process = Bootstrap::new(program)
            .name(package)
            .memory(description.memory)
            .envs(&description.environment)
            .env("AWS_ENDPOINT_URL", &proxy.endpoint)
            .env("INTERCOM_API_URL", intercom)
            .env("RUST_LOG", configuration::LEVELS)
            .start()
            .unwrap();
        block_in_place(|| process.wait_ready())
            .unwrap_or_else(|error| panic!("{package}: {error}"));
        Self {
            process,
            proxy,
            outside: Emulator::at(&aws.others),
            faults: faults.clone(),
            invocations: 0,
            description: description.clone(),
        }
    }

    /// Sends a request to its URL, which must have the status; what it answers as JSON.
    pub(crate) fn request(&mut self, request: &Request<Vec<u8>>, status: u16) -> Value {
        let response = self.exchange(request, status);
        serde_json::from_slice(response.body()).unwrap_or_default()
    }

    /// Sends a request to its URL, which must have the status.
    pub(crate) fn exchange(
        &mut self,
        request: &Request<Vec<u8>>,
        status: u16,
    ) -> Response<Vec<u8>> {
        let uri = request.uri();
        let query = uri.query().unwrap_or_default();
        self.exchange_at(request, uri.path(), query, status)
    }

    /// Sends a request to its URL at an address that is any text, which must have the status.
    pub(crate) fn exchange_at(
        &mut self,
        request: &Request<Vec<u8>>,
        path: &str,
        query: &str,
        status: u16,
    ) -> Response<Vec<u8>> {
        let event = events::function_url_at(request, path, query, Timestamp::now());
        let response = events::answered(self.try_invoke(&event));
        let response =
            response.unwrap_or_else(|error| panic!("{path}?{query}: {error}\n{}", self.log()));
        let text = String::from_utf8_lossy(response.body());
        assert!(
            response.status() == status,
            "{path}?{query}: {}, not {status}: {text}\n{}",
            response.status(),
            self.log()
        );
        response
    }

    /// Hands it a batch of a queue; answers the ids of the messages that failed.
    pub(crate) fn work(&mut self, queue: &str, batch: &[Message]) -> Vec<String> {
        let queue = queue.rsplit('/').next().unwrap();
        let queue = format!("arn:aws:sqs:us-east-1:123456789012:{queue}");
        let answer = self.invoke(&events::sqs(&queue, batch, Timestamp::now()));
        let failed = events::failed_messages(&answer, batch);
        failed.into_iter().map(str::to_owned).collect()
    }

    /// Invokes it as its schedule does; what it answers.
    pub(crate) fn scheduled(&mut self) -> Value {
        self.event(&json!({
            "version": "0", "id": "7bf73129", "detail-type": "Scheduled Event", "source": "aws.events",
            "account": "123456789012", "time": "2026-11-20T12:00:00Z", "region": "us-east-1", "resources": [],
            "detail": {},
        }))
    }

    /// Hands it any event; what it answers.
    pub(crate) fn event(&mut self, event: &Value) -> Value {
        serde_json::from_slice(&self.invoke(event)).unwrap()
    }

    fn invoke(&mut self, event: &Value) -> Vec<u8> {
        self.try_invoke(event).unwrap().body
    }

    fn try_invoke(&mut self, event: &Value) -> Result<Answer, Error> {
        self.invocations += 1;
        let invocation = Invocation {
            timeout: Duration::from_secs(self.description.timeout),
            ..Invocation::default()
        };
        let event = event.to_string().into_bytes();
        block_in_place(|| self.process.invoke(&event, &invocation))
    }

    /// Calls AWS as the function does, under its role.
    pub(crate) fn aws(&self) -> Emulator {
        Emulator::at(&self.proxy.endpoint)
    }

    /// What it has asked AWS for so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.proxy.calls()
    }

    pub(crate) fn invocations(&self) -> usize {
        self.invocations
    }

    /// Ends it; answers everything it has printed, to the last line.
    pub(crate) fn end(self) -> String {
        self.process.end().join("\n")
    }

    /// Everything it has printed, but for what a busy machine has not read yet.
    pub(crate) fn log(&self) -> String {
        self.process.lines().join("\n")
    }
}
