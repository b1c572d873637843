//! The Runtime API itself: what a function asks on its connections, and the events that wait for it.

use std::collections::VecDeque;
use std::io::{self, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::FunctionError;
use crate::wire::{self, Request};

const VERSION: &str = "/2018-06-01/runtime/";
const ACCEPTED: &[u8] = br#"{"status":"OK"}"#;

/// What the function did, as seen from its connections.
#[derive(Debug)]
pub(crate) enum Report {
    /// It asked for its first event, at this time.
    Ready(Instant),
    /// It posted to `/init/error`.
    InitFailed(FunctionError),
}

/// An event on its way to the function, once or several times.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) request_id: String,
    /// Headers of the answer to `GET /next` beside the request id.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) event: Arc<[u8]>,
    /// How often it is still to be handed over.
    pub(crate) remaining: usize,
    /// From handing over to the answer, one per time.
    pub(crate) latencies: Vec<Duration>,
    pub(crate) done: Sender<Done>,
}

/// What came of a delivery.
#[derive(Debug)]
pub(crate) struct Done {
    /// The last answer, or the first error.
    pub(crate) result: Result<Vec<u8>, FunctionError>,
    pub(crate) latencies: Vec<Duration>,
}

/// The API of one function: a port that its environment names.
#[derive(Debug)]
pub(crate) struct Api {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Delivery>,
    /// What the function is working on, and since when.
    working: Option<(Delivery, Instant)>,
    asked: bool,
    closed: bool,
}

impl Api {
    /// Listens on a free port of this machine. The reports come through the receiver.
    pub(crate) fn listen() -> io::Result<(Self, Receiver<Report>)> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let (reports, receiver) = mpsc::channel();
        let of_threads = Arc::clone(&shared);
        thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                if of_threads.lock().closed {
                    return;
                }
                let (shared, reports) = (Arc::clone(&of_threads), reports.clone());
                // A connection that breaks is the function's to report.
                thread::spawn(move || shared.serve(connection, &reports));
            }
        });
        Ok((Self { address, shared }, receiver))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Puts an event where the next `GET /next` finds it.
    pub(crate) fn deliver(&self, delivery: Delivery) {
        self.shared.lock().waiting.push_back(delivery);
        self.shared.changed.notify_all();
    }
}

impl Drop for Api {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
        // Wakes the thread that accepts, so that the port is free again.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers everything that comes over one connection.
    fn serve(&self, connection: TcpStream, reports: &Sender<Report>) -> io::Result<()> {
        connection.set_nodelay(true)?;
        let mut answers = connection.try_clone()?;
        let mut requests = BufReader::new(connection);
        while let Some(request) = Request::read(&mut requests)? {
            let path = request.path.strip_prefix(VERSION).unwrap_or_default();
            match (request.method.as_str(), path) {
                ("GET", "invocation/next") => {
                    if !self.next(&mut answers, request.began, reports)? {
                        return Ok(());
                    }
                }
                ("POST", "init/error") => {
                    let _ = reports.send(Report::InitFailed(function_error(&request.body)));
                    accept(&mut answers)?;
                }
                ("POST", path) => match path.strip_prefix("invocation/") {
                    Some(answer) if self.complete(answer, request.body) => accept(&mut answers)?,
                    _ => refuse(&mut answers)?,
                },
                _ => refuse(&mut answers)?,
            }
        }
        Ok(())
    }

    /// Answers `GET /next` once there is an event; false when there will be none.
    fn next(
        &self,
        answers: &mut TcpStream,
        asked: Instant,
        reports: &Sender<Report>,
    ) -> io::Result<bool> {
        let mut state = self.lock();
        if !std::mem::replace(&mut state.asked, true) {
            let _ = reports.send(Report::Ready(asked));
        }
        let delivery = loop {
            if state.closed {
                return Ok(false);
            }
            match state.waiting.pop_front() {
                Some(delivery) => break delivery,
                None => {
                    state = self
                        .changed
                        .wait(state)
                        .unwrap_or_else(PoisonError::into_inner);
                }
            }
        };
        let event = Arc::clone(&delivery.event);
        let request_id = delivery.request_id.clone();
        let headers = delivery.headers.clone();
        state.working = Some((delivery, Instant::now()));
        drop(state);
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .chain([("Lambda-Runtime-Aws-Request-Id", request_id.as_str())])
            .collect();
        wire::answer(answers, "200 OK", &headers, &event)?;
        Ok(true)
    }

    /// Takes `<request id>/response` or `<request id>/error`; false when nobody waits for it.
    fn complete(&self, path: &str, body: Vec<u8>) -> bool {
        let now = Instant::now();
        let mut state = self.lock();
        let Some((mut delivery, since)) = state.working.take() else {
            return false;
        };
        let result = match path.strip_prefix(delivery.request_id.as_str()) {
            Some("/response") => Ok(body),
            Some("/error") => Err(function_error(&body)),
            _ => {
                state.working = Some((delivery, since));
                return false;
            }
        };
        delivery.latencies.push(now - since);
        delivery.remaining -= 1;
        if delivery.remaining > 0 && result.is_ok() {
            state.waiting.push_front(delivery);
        } else {
            let Delivery {
                latencies, done, ..
            } = delivery;
            // Whoever gave up waiting needs no answer.
            let _ = done.send(Done { result, latencies });
        }
        true
    }
}

fn accept(answers: &mut TcpStream) -> io::Result<()> {
    wire::answer(answers, "202 Accepted", &[], ACCEPTED)
}

fn refuse(answers: &mut TcpStream) -> io::Result<()> {
    let body = br#"{"errorType":"InvalidRequestID","errorMessage":"no such request"}"#;
    wire::answer(answers, "400 Bad Request", &[], body)
}

/// Lambda as well takes an error that is no JSON.
fn function_error(body: &[u8]) -> FunctionError {
    serde_json::from_slice(body).unwrap_or_else(|_| FunctionError {
        error_type: String::new(),
        error_message: String::from_utf8_lossy(body).into_owned(),
    })
}
