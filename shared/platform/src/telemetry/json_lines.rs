//! Events to lines.

use std::io::Write;
use std::time::Instant;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::fields::Fields;
use crate::clock::Clock;
use crate::metrics;

/// Writes each event as one JSON object: time, level, message, the fields of the spans around it from the
/// outermost in, and its own. Of two fields with the same name, the inner one counts.
#[derive(Debug)]
pub(super) struct JsonLines<W> {
    function: String,
    clock: Clock,
    writer: W,
}

/// When the work of a span began.
struct Begun(Instant);

impl<W> JsonLines<W> {
    pub(super) fn new(function: impl Into<String>, clock: Clock, writer: W) -> Self {
        Self {
            function: function.into(),
            clock,
            writer,
        }
    }

    /// The line of an event. One that bears metrics also says how long the work took so far.
    fn line<S>(&self, event: &Event<'_>, context: &Context<'_, S>) -> Fields
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let now = self.clock.now();
        let level = *event.metadata().level();
        let mut line = Fields::default();
        line.set("timestamp", format!("{now:.3}"));
        line.set("level", level.as_str());
        // Takes its place in front; the event brings the text.
        line.set("message", "");
        if level <= Level::WARN {
            line.set("target", event.metadata().target());
        }
        let mut begun = None;
        let spans = context.event_scope(event).into_iter();
        for span in spans.flat_map(|scope| scope.from_root()) {
            let extensions = span.extensions();
            if let Some(fields) = extensions.get::<Fields>() {
                line.extend(fields);
            }
            begun = begun.or_else(|| extensions.get::<Begun>().map(|begun| begun.0));
        }
        event.record(&mut line);
        if let Some(directive) = metrics::directive(line.names(), now) {
            if let Some(begun) = begun {
                line.set("duration_ms", begun.elapsed().as_millis() as u64);
            }
            line.set(metrics::DIMENSION, self.function.as_str());
            line.set("_aws", directive);
        }
        line
    }
}

impl<S, W> Layer<S> for JsonLines<W>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: 'static,
    for<'writer> &'writer W: Write,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let mut extensions = span.extensions_mut();
        extensions.insert(fields);
        extensions.insert(Begun(Instant::now()));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Ok(mut line) = serde_json::to_vec(&self.line(event, &context)) else {
            return;
        };
        line.push(b'\n');
        // There is nowhere else to say that a line could not be written.
        let _ = (&self.writer).write_all(&line);
    }
}

#[cfg(test)]
mod tests;
