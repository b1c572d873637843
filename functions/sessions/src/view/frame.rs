//! What every page needs to know of whoever looks: how their links open, and which clock they read.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pages::format;
use url::form_urlencoded;

use crate::access::Viewer;

/// The surroundings of a page.
pub(crate) struct Frame {
    admission: Option<(&'static str, String)>,
    timezone: TimeZone,
    /// Whether the pages of the list and of people open.
    pub(crate) sees_all: bool,
}

impl Frame {
    /// An admin reads the workspace's clock; of others nobody knows where they are.
    pub(crate) fn of(viewer: &Viewer) -> Self {
        let zone = viewer.as_admin().map(|admin| &admin.connection.timezone);
        Self {
            admission: viewer
                .admission()
                .map(|(name, value)| (name, value.to_owned())),
            timezone: zone.map_or(TimeZone::UTC, |timezone| timezone.zone()),
            sees_all: viewer.sees_all(),
        }
    }

    /// The address of one of our pages, with what opens it.
    pub(crate) fn link(&self, path: &str, parameters: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        if let Some((name, value)) = &self.admission {
            query.append_pair(name, value);
        }
        match query.finish() {
            empty if empty.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// The same without parameters of its own.
    pub(crate) fn page(&self, path: &str) -> String {
        self.link(path, &[])
    }

    /// What a form needs to open a page: a hidden field's name and value.
    pub(crate) fn hidden(&self) -> Option<(&'static str, &str)> {
        let admission = self.admission.as_ref();
        admission.map(|(name, value)| (*name, value.as_str()))
    }

    pub(crate) fn date(&self, at: Timestamp) -> String {
        format::date_and_time(at, &self.timezone)
    }
}
