//! What a client asks of DynamoDB: seen by an interceptor, which lets a call fail before it is sent as well.
//! What goes wrong later is [`Faults`]' part.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_dynamodb::config::interceptors::{
    BeforeTransmitInterceptorContextMut, FinalizerInterceptorContextRef,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::Metadata;

use crate::faults::{CALL, Faults, INVOCATION, LOST};
use crate::units;

/// What a client has asked of DynamoDB since the last look. Clones share one view.
#[derive(Debug, Clone, Default)]
pub struct Calls {
    seen: Arc<Mutex<CallLog>>,
    faults: Faults,
}

#[derive(Debug, Default)]
struct CallLog {
    usage: Usage,
    /// An operation, and how many calls of it come before the one that fails.
    failing: Option<(&'static str, usize)>,
    /// The ids of calls of which an answer was lost.
    lost: HashSet<String>,
}

/// Calls, and the request units that DynamoDB bills for them on demand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Usage {
    /// Names of the operations, sorted. Every attempt counts, but for those that repeat one whose answer was
    /// lost on purpose.
    pub calls: Vec<String>,
    /// Read request units: one per 4 KB of an item, half of that for an eventually consistent read.
    pub read_units: f64,
    /// Write request units: one per 1 KB of an item.
    pub write_units: f64,
}

impl Calls {
    /// The names of the calls since the last look, sorted.
    pub fn take(&self) -> Vec<String> {
        self.take_usage().calls
    }

    /// The calls since the last look and what they cost.
    pub fn take_usage(&self) -> Usage {
        let mut usage = std::mem::take(&mut self.seen().usage);
        usage.calls.sort();
        usage
    }

    /// What is to go wrong on the client's line.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Lets the next call of this operation fail, as if the process had died before it.
    pub fn fail_next(&self, operation: &'static str) {
        self.fail_after(operation, 0);
    }

    /// Lets a later call of this operation fail, after so many that do not.
    pub fn fail_after(&self, operation: &'static str, calls: usize) {
        self.seen().failing = Some((operation, calls));
    }

    fn seen(&self) -> MutexGuard<'_, CallLog> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Intercept for Calls {
    fn name(&self) -> &'static str {
        "Calls"
    }

    /// Has the answer say what the call consumed.
    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = operation_of(config);
        units::ask_for_them(&operation, context.request_mut())
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = operation_of(config);
        let mut seen = self.seen();
        let id = context.request().headers().get(INVOCATION);
        if seen.lost.contains(id.unwrap_or_default()) {
            return Ok(());
        }
        match &mut seen.failing {
            Some((failing, 0)) if *failing == operation => {
                seen.failing = None;
                return Err("this call was to fail".into());
            }
            Some((failing, calls)) if *failing == operation => *calls -= 1,
            _ => {}
        }
        seen.usage.calls.push(operation);
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(response) = context.response() else {
            return Ok(());
        };
        let operation = operation_of(config);
        let id = response.headers().get(CALL).unwrap_or_default();
        let mut seen = self.seen();
        if seen.lost.contains(id) {
            return Ok(());
        }
        if response.headers().contains_key(LOST) {
            seen.lost.insert(id.to_owned());
        }
        let units = units::consumed(response.body().bytes().unwrap_or_default())?;
        let usage = &mut seen.usage;
        match units::is_write(&operation) {
            true => usage.write_units += units,
            false => usage.read_units += units,
        }
        Ok(())
    }
}

fn operation_of(config: &ConfigBag) -> String {
    let metadata = config.load::<Metadata>();
    metadata
        .map(|metadata| metadata.name().to_owned())
        .unwrap_or_default()
}
