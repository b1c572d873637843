//! What a process prints: kept line by line, for tests to read and for errors to carry.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// The end of the output that an error carries: enough for a panic's message.
const TAIL: usize = 20;

/// Lines of standard output and standard error, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Output {
    lines: Arc<Mutex<Vec<String>>>,
    readers: Vec<JoinHandle<()>>,
}

impl Output {
    /// Collects what comes out of a pipe, until its other end is closed.
    pub(crate) fn collect(&mut self, pipe: impl Read + Send + 'static) {
        let lines = Arc::clone(&self.lines);
        self.readers.push(thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                lines.push(line);
            }
        }));
    }

    /// Everything that was printed so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.clone()
    }

    /// Waits for the last lines of a process that has ended.
    pub(crate) fn finish(&mut self) {
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
    }

    /// The last lines, for an error.
    pub(crate) fn tail(&self) -> String {
        let lines = self.lines();
        lines[lines.len().saturating_sub(TAIL)..].join("\n")
    }
}
