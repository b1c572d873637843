//! A check that a start need not wait for: no request is handled before it has passed.
//!
//! It begins beside the first `GET /next`, so that its round trip is over, or nearly, when a request is
//! there. What comes of that first try does not count unless it is well: Lambda may have stopped the
//! instance in the midst of it, for as long as nobody asked for anything.

use std::future::pending;

use lambda_http::Error;
use tokio::sync::{Mutex, OnceCell, mpsc};

/// See the module's documentation.
pub(super) struct Gate<C> {
    check: C,
    passed: OnceCell<()>,
    failure: mpsc::Sender<Error>,
    failures: Mutex<mpsc::Receiver<Error>>,
}

impl<C, F> Gate<C>
where
    C: Fn() -> F,
    F: Future<Output = Result<(), Error>>,
{
    pub(super) fn new(check: C) -> Self {
        let (failure, failures) = mpsc::channel(1);
        Self {
            check,
            passed: OnceCell::new(),
            failure,
            failures: Mutex::new(failures),
        }
    }

    /// Begins the check; waits for the error that ends the function, which may never come.
    pub(super) async fn watch(&self) -> Error {
        let _ = self.passed.get_or_try_init(&self.check).await;
        let failure = self.failures.lock().await.recv().await;
        match failure {
            Some(error) => error,
            None => pending().await,
        }
    }

    /// Returns once the check has passed. When it fails, never: then the function ends.
    pub(super) async fn pass(&self) {
        if let Err(error) = self.passed.get_or_try_init(&self.check).await {
            // Of several requests one says why.
            let _ = self.failure.try_send(error);
            pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use futures::FutureExt as _;
    use futures::future::BoxFuture;

    use super::*;

    /// A gate whose check fails so many times before it passes, and how often it was tried.
    fn gate<'a>(
        failures: usize,
        tried: &'a AtomicUsize,
    ) -> Gate<impl Fn() -> BoxFuture<'a, Result<(), Error>>> {
        Gate::new(move || {
            async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                match tried.fetch_add(1, Ordering::Relaxed) < failures {
                    true => Err("wrong key".into()),
                    false => Ok(()),
                }
            }
            .boxed()
        })
    }

    #[tokio::test(start_paused = true)]
    async fn requests_wait_for_one_check() {
        let tried = AtomicUsize::new(0);
        let gate = gate(0, &tried);
        let requests = async { tokio::join!(gate.pass(), gate.pass(), gate.pass()) };
        tokio::select! {
            _ = requests => {}
            error = gate.watch() => panic!("{error}"),
        }
        assert_eq!(tried.load(Ordering::Relaxed), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_first_try_that_was_interrupted_is_made_again() {
        let tried = AtomicUsize::new(0);
        let gate = gate(1, &tried);
        tokio::select! {
            () = gate.pass() => {}
            error = gate.watch() => panic!("{error}"),
        }
        assert_eq!(tried.load(Ordering::Relaxed), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_finds_the_check_failed_ends_the_function_and_is_not_handled() {
        let tried = AtomicUsize::new(0);
        let gate = gate(usize::MAX, &tried);
        tokio::select! {
            () = gate.pass() => panic!("it was let in"),
            error = gate.watch() => assert_eq!(error.to_string(), "wrong key"),
        }
    }
}
