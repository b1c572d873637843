//! A function that runs: one execution environment of it.

use std::process::{Child, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::api::{Api, Delivery, Done, Report};
use crate::error::{Error, Payload};
use crate::events::MAX_BYTES;
use crate::output::Output;
use crate::quota::Quota;
use crate::usage;

/// A start may take this long on Lambda
/// (<https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>).
const INIT_TIMEOUT: Duration = Duration::from_secs(10);
/// How often is looked whether the process is still there. No measurement depends on it.
const POLL: Duration = Duration::from_millis(5);

/// What accompanies an event.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// Lambda's id of the invocation; one is made up when there is none.
    pub request_id: Option<String>,
    /// The X-Ray header, as in `Lambda-Runtime-Trace-Id`.
    pub trace_id: Option<String>,
    /// The function's timeout. It is killed when it has not answered by then.
    pub timeout: Duration,
}

impl Default for Invocation {
    /// No trace, and 30 seconds.
    fn default() -> Self {
        Self {
            request_id: None,
            trace_id: None,
            timeout: Duration::from_secs(30),
        }
    }
}

/// What a function answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The bytes that it posted.
    pub body: Vec<u8>,
    /// From the event's handing over to its answer's arrival.
    pub latency: Duration,
}

/// A started function. Killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    api: Api,
    reports: Receiver<Report>,
    output: Output,
    started: Instant,
    ready: Option<Duration>,
    invocations: u64,
    arn: String,
    /// After the child, which must be gone when its control group is removed.
    quota: Option<Quota>,
}

impl Process {
    pub(crate) fn new(
        child: Child,
        api: Api,
        reports: Receiver<Report>,
        output: Output,
        started: Instant,
        name: &str,
    ) -> Self {
        Self {
            child,
            api,
            reports,
            output,
            started,
            ready: None,
            invocations: 0,
            arn: format!("arn:aws:lambda:us-east-1:123456789012:function:{name}"),
            quota: None,
        }
    }

    /// Waits until the function asks for its first event; says how long that took from its exec.
    ///
    /// # Errors
    /// With what it printed: [`Error::Init`] when it refused to start, [`Error::Exited`] when it ended, and
    /// [`Error::TimedOut`] after the 10 seconds that Lambda allows.
    pub fn wait_ready(&mut self) -> Result<Duration, Error> {
        if let Some(ready) = self.ready {
            return Ok(ready);
        }
        let timeout = INIT_TIMEOUT.saturating_sub(self.started.elapsed());
        let Self { reports, child, .. } = self;
        match wait(reports, child, timeout) {
            Waited::Message(Report::Ready(at)) => {
                let ready = at - self.started;
                self.ready = Some(ready);
                Ok(ready)
            }
            Waited::Message(Report::InitFailed(error)) => {
                self.kill();
                Err(Error::Init {
                    error,
                    output: self.output.tail(),
                })
            }
            Waited::Exited(status) => Err(self.exited(status)),
            Waited::TimedOut => Err(self.timed_out(INIT_TIMEOUT)),
        }
    }

    /// Hands an event to the function and waits for its answer.
    ///
    /// # Errors
    /// Those of [`Process::wait_ready`]; [`Error::Function`] when the function reports an error,
    /// [`Error::Exited`] when it ends instead, [`Error::TimedOut`] when it takes too long,
    /// [`Error::TooLarge`] for an event or an answer above 6 MB.
    pub fn invoke(&mut self, event: &[u8], invocation: &Invocation) -> Result<Answer, Error> {
        let (body, latencies) = self.deliver(event, 1, invocation)?;
        let latency = latencies.last().copied().unwrap_or_default();
        Ok(Answer { body, latency })
    }

    /// Hands the same event to the function again and again without a pause in between, and says how long
    /// each took. The timeout of the invocation is that of all together.
    ///
    /// # Errors
    /// Those of [`Process::invoke`]; the first one ends it.
    pub fn invoke_repeatedly(
        &mut self,
        event: &[u8],
        times: usize,
        invocation: &Invocation,
    ) -> Result<Vec<Duration>, Error> {
        if times == 0 {
            return Ok(Vec::new());
        }
        Ok(self.deliver(event, times, invocation)?.1)
    }

    /// From now on the function has no more CPU time than Lambda gives to one of so much memory. To be called
    /// once the function is ready: a start is not throttled.
    ///
    /// # Errors
    /// [`Error::QuotaUnsupported`] where control groups are missing or not ours to make.
    pub fn throttle(&mut self, megabytes: u32) -> Result<(), Error> {
        let quota = Quota::apply(self.child.id(), megabytes).map_err(Error::QuotaUnsupported)?;
        self.quota = Some(quota);
        Ok(())
    }

    /// Resident memory, in bytes.
    ///
    /// # Errors
    /// [`Error::Measure`] when the process is gone.
    pub fn resident_bytes(&self) -> Result<u64, Error> {
        usage::resident_bytes(self.child.id()).map_err(Error::Measure)
    }

    /// CPU time used so far.
    ///
    /// # Errors
    /// [`Error::Measure`] when the process is gone.
    pub fn cpu_time(&self) -> Result<Duration, Error> {
        usage::cpu_time(self.child.id()).map_err(Error::Measure)
    }

    /// Everything that the function printed so far. A line may come a moment after the answer that it is
    /// about.
    pub fn lines(&self) -> Vec<String> {
        self.output.lines()
    }

    /// Ends the function; answers everything that it printed, to the last line.
    #[must_use]
    pub fn end(mut self) -> Vec<String> {
        self.kill();
        self.lines()
    }

    fn deliver(
        &mut self,
        event: &[u8],
        times: usize,
        invocation: &Invocation,
    ) -> Result<(Vec<u8>, Vec<Duration>), Error> {
        self.wait_ready()?;
        check_size(Payload::Event, event.len())?;
        let (done, answers) = mpsc::channel();
        self.invocations += 1;
        let made_up = || format!("8476a536-e9f4-11e8-9739-{:012x}", self.invocations);
        self.api.deliver(Delivery {
            request_id: invocation.request_id.clone().unwrap_or_else(made_up),
            headers: self.headers(invocation),
            event: event.into(),
            remaining: times,
            latencies: Vec::with_capacity(times),
            done,
        });
        match wait(&answers, &mut self.child, invocation.timeout) {
            Waited::Message(Done { result, latencies }) => {
                let body = result.map_err(Error::Function)?;
                check_size(Payload::Answer, body.len())?;
                Ok((body, latencies))
            }
            Waited::Exited(status) => Err(self.exited(status)),
            Waited::TimedOut => Err(self.timed_out(invocation.timeout)),
        }
    }

    fn headers(&self, invocation: &Invocation) -> Vec<(&'static str, String)> {
        let deadline = SystemTime::now() + invocation.timeout;
        let deadline = deadline.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut headers = vec![
            (
                "Lambda-Runtime-Deadline-Ms",
                deadline.as_millis().to_string(),
            ),
            ("Lambda-Runtime-Invoked-Function-Arn", self.arn.clone()),
        ];
        if let Some(trace_id) = &invocation.trace_id {
            headers.push(("Lambda-Runtime-Trace-Id", trace_id.clone()));
        }
        headers
    }

    fn exited(&mut self, status: ExitStatus) -> Error {
        self.output.finish();
        Error::Exited {
            status,
            output: self.output.tail(),
        }
    }

    fn timed_out(&mut self, after: Duration) -> Error {
        self.kill();
        Error::TimedOut {
            after,
            output: self.output.tail(),
        }
    }

    fn kill(&mut self) {
        // Fails only when it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.output.finish();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// How waiting for a message of the function ended.
enum Waited<T> {
    Message(T),
    Exited(ExitStatus),
    TimedOut,
}

fn wait<T>(messages: &Receiver<T>, child: &mut Child, timeout: Duration) -> Waited<T> {
    let until = Instant::now() + timeout;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match messages.recv_timeout(left.min(POLL)) {
            Ok(message) => return Waited::Message(message),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        if let Ok(Some(status)) = child.try_wait() {
            // Its last words may have come between the two looks.
            return messages
                .try_recv()
                .map_or(Waited::Exited(status), Waited::Message);
        }
        if left.is_zero() {
            return Waited::TimedOut;
        }
    }
}

fn check_size(payload: Payload, bytes: usize) -> Result<(), Error> {
    if bytes > MAX_BYTES {
        return Err(Error::TooLarge {
            payload,
            bytes,
            limit: MAX_BYTES,
        });
    }
    Ok(())
}
