//! Measuring: all subjects take turns, so that all see the same machine.

use std::process::Command;
use std::time::{Duration, Instant};

use runtime_api::{Error, Invocation, Process};

use crate::samples::Sample;
use crate::subjects::Subject;

/// Starts of each subject, with and without a quota.
const STARTS: usize = 25;
/// The memory of our functions, megabytes: the template's default.
const MEGABYTES: u32 = 256;
/// Turns of measuring throughput, and how long each is.
const TURNS: usize = 3;
const TURN: Duration = Duration::from_secs(1);
/// Events between two looks at the clock.
const BLOCK: usize = 100;

/// What was measured of one subject.
#[derive(Default)]
pub(crate) struct Measured {
    /// From exec to the first `GET /next`.
    pub(crate) starts: Vec<Duration>,
    /// The first event, with its first calls of AWS.
    pub(crate) first: Vec<Duration>,
    /// The same under the CPU quota of 256 MB; empty where there are no quotas.
    pub(crate) first_throttled: Vec<Duration>,
    /// Resident memory after the first event, bytes.
    pub(crate) resident: Vec<u64>,
    /// Events per second on one core, which the Runtime API shares.
    pub(crate) per_second: f64,
    /// The same for the event that needs no AWS.
    pub(crate) idle_per_second: Option<f64>,
    /// Resident memory after all those, bytes.
    pub(crate) resident_warm: u64,
}

impl Measured {
    pub(crate) fn start(&self) -> Duration {
        median(&self.starts)
    }
}

/// Measures all subjects.
pub(crate) fn all(subjects: &[Subject]) -> Vec<Measured> {
    let mut measured: Vec<Measured> = subjects.iter().map(|_| Measured::default()).collect();
    for _ in 0..STARTS {
        for (subject, measured) in subjects.iter().zip(&mut measured) {
            measured.start_once(subject);
        }
    }
    pin(Some(0));
    for _ in 0..TURNS {
        for (subject, measured) in subjects.iter().zip(&mut measured) {
            measured.run_warm(subject);
        }
    }
    pin(None);
    measured
}

impl Measured {
    fn start_once(&mut self, subject: &Subject) {
        let mut free = subject.bootstrap.start().unwrap();
        self.starts.push(free.wait_ready().unwrap());
        self.first.push(invoke(&mut free, &subject.event));
        self.resident.push(free.resident_bytes().unwrap());
        drop(free);

        let mut throttled = subject.bootstrap.start().unwrap();
        self.starts.push(throttled.wait_ready().unwrap());
        match throttled.throttle(MEGABYTES) {
            Ok(()) => self
                .first_throttled
                .push(invoke(&mut throttled, &subject.event)),
            Err(Error::QuotaUnsupported(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }

    fn run_warm(&mut self, subject: &Subject) {
        let mut process = subject.bootstrap.start().unwrap();
        let per_second = throughput(&mut process, &subject.event);
        self.per_second = self.per_second.max(per_second);
        self.resident_warm = self.resident_warm.max(process.resident_bytes().unwrap());
        if let Some(event) = &subject.idle_event {
            let per_second = throughput(&mut process, event);
            let best = self.idle_per_second.unwrap_or_default();
            self.idle_per_second = Some(best.max(per_second));
        }
    }
}

fn invoke(process: &mut Process, sample: &Sample) -> Duration {
    let answer = process
        .invoke(sample.event(), &Invocation::default())
        .unwrap();
    sample.check(&answer.body);
    answer.latency
}

fn throughput(process: &mut Process, sample: &Sample) -> f64 {
    let mut block = || {
        process
            .invoke_repeatedly(sample.event(), BLOCK, &Invocation::default())
            .unwrap()
            .len()
    };
    block();
    let begin = Instant::now();
    let mut events = 0;
    while begin.elapsed() < TURN {
        events += block();
    }
    let per_second = events as f64 / begin.elapsed().as_secs_f64();
    invoke(process, sample);
    per_second
}

/// Keeps this thread, and what it starts from now on, on one core, or lets it go again. On a machine where
/// that is not possible results are less steady.
pub(crate) fn pin(core: Option<usize>) {
    // All cores, as in `0-1`; not those that this thread may use just now.
    let all = std::fs::read_to_string("/sys/devices/system/cpu/online").unwrap_or_default();
    let list = core.map_or(all.trim().to_owned(), |core| core.to_string());
    let process = std::process::id().to_string();
    let pinned = Command::new("taskset")
        .args(["--cpu-list", "--pid", &list, &process])
        .output();
    if !pinned.is_ok_and(|output| output.status.success()) {
        println!("Not pinned to one core: taskset is missing or refused.");
    }
}

pub(crate) fn median<T: Copy + Ord>(values: &[T]) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted[sorted.len() / 2]
}
