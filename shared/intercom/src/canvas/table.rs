//! Tables of two columns.

use serde::Serialize;

use super::{CanvasError, Line};

/// Names on the left, values on the right. The Inbox cuts long text and shows it whole on hover; there are no
/// links in a table and nothing to click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataTable {
    pub(super) items: Vec<FieldValue>,
}

/// One row of a [`DataTable`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "field-value")]
pub struct FieldValue {
    field: Line,
    value: Line,
}

impl FieldValue {
    /// A row.
    #[must_use]
    pub fn new(field: impl Into<Line>, value: impl Into<Line>) -> Self {
        Self {
            field: field.into(),
            value: value.into(),
        }
    }
}

impl DataTable {
    /// A table of at least one row.
    ///
    /// # Errors
    /// [`CanvasError::Empty`] without rows.
    pub fn new(rows: impl IntoIterator<Item = FieldValue>) -> Result<Self, CanvasError> {
        let items: Vec<_> = rows.into_iter().collect();
        if items.is_empty() {
            return Err(CanvasError::Empty("a data table"));
        }
        Ok(Self { items })
    }
}
