//! Choices among given options.

use serde::Serialize;

use super::{Action, CanvasError, ComponentId, Line, SaveState, is_default};

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "option")]
pub struct Choice {
    id: ComponentId,
    text: Line,
    #[serde(skip_serializing_if = "is_default")]
    disabled: bool,
}

impl Choice {
    /// Something to choose.
    #[must_use]
    pub fn new(id: impl Into<ComponentId>, text: impl Into<Line>) -> Self {
        Self {
            id: id.into(),
            text: text.into(),
            disabled: false,
        }
    }

    /// Shows it without letting anybody choose it.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

/// What the three kinds of choices have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Field {
    id: ComponentId,
    label: Line,
    /// Intercom's reference spells the checkbox's key `option`, its tutorial and its server `options`.
    options: Vec<Choice>,
    #[serde(skip_serializing_if = "is_default")]
    save_state: SaveState,
    #[serde(skip_serializing_if = "is_default")]
    disabled: bool,
}

impl Field {
    fn new(id: ComponentId, label: Line, options: Vec<Choice>) -> Self {
        Self {
            id,
            label,
            options,
            save_state: SaveState::Unsaved,
            disabled: false,
        }
    }

    /// A field of which one option is chosen: Intercom takes two to ten.
    fn of_one(
        component: &'static str,
        id: ComponentId,
        label: Line,
        options: Vec<Choice>,
    ) -> Result<Self, CanvasError> {
        match options.len() {
            2..=10 => Ok(Self::new(id, label, options)),
            count => Err(CanvasError::OptionCount { component, count }),
        }
    }

    pub(super) fn ids(&self) -> Vec<&ComponentId> {
        std::iter::once(&self.id)
            .chain(self.options.iter().map(|option| &option.id))
            .collect()
    }

    pub(super) fn len(&self) -> usize {
        self.options.len()
    }

    fn known(&self, option: ComponentId) -> Result<ComponentId, CanvasError> {
        if self.options.iter().any(|known| known.id == option) {
            Ok(option)
        } else {
            Err(CanvasError::UnknownOption(option))
        }
    }
}

/// One of two to ten options, folded up. It has no action: a button beside it submits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dropdown {
    #[serde(flatten)]
    pub(super) field: Field,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<ComponentId>,
}

impl Dropdown {
    /// A dropdown with nothing chosen.
    ///
    /// # Errors
    /// [`CanvasError::OptionCount`] outside 2..=10.
    pub fn new(
        id: impl Into<ComponentId>,
        label: impl Into<Line>,
        options: Vec<Choice>,
    ) -> Result<Self, CanvasError> {
        let field = Field::of_one("a dropdown", id.into(), label.into(), options)?;
        Ok(Self { field, value: None })
    }

    /// Chooses an option beforehand.
    ///
    /// # Errors
    /// [`CanvasError::UnknownOption`].
    pub fn chosen(mut self, option: impl Into<ComponentId>) -> Result<Self, CanvasError> {
        self.value = Some(self.field.known(option.into())?);
        Ok(self)
    }

    /// Says what became of the choice.
    #[must_use]
    pub fn save_state(mut self, state: SaveState) -> Self {
        self.field.save_state = state;
        self
    }

    /// Shows the dropdown without letting anybody choose.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.field.disabled = true;
        self
    }
}

/// One of two to ten options, side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SingleSelect {
    #[serde(flatten)]
    pub(super) field: Field,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<ComponentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Action>,
}

impl SingleSelect {
    /// A choice with nothing chosen.
    ///
    /// # Errors
    /// [`CanvasError::OptionCount`] outside 2..=10.
    pub fn new(
        id: impl Into<ComponentId>,
        label: impl Into<Line>,
        options: Vec<Choice>,
    ) -> Result<Self, CanvasError> {
        let field = Field::of_one("a single select", id.into(), label.into(), options)?;
        Ok(Self {
            field,
            value: None,
            action: None,
        })
    }

    /// Chooses an option beforehand.
    ///
    /// # Errors
    /// [`CanvasError::UnknownOption`].
    pub fn chosen(mut self, option: impl Into<ComponentId>) -> Result<Self, CanvasError> {
        self.value = Some(self.field.known(option.into())?);
        Ok(self)
    }

    /// Says what became of the choice.
    #[must_use]
    pub fn save_state(mut self, state: SaveState) -> Self {
        self.field.save_state = state;
        self
    }

    /// Shows the options without letting anybody choose.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.field.disabled = true;
        self
    }

    /// Does something as soon as an option is chosen.
    #[must_use]
    pub fn on_click(mut self, action: impl Into<Action>) -> Self {
        self.action = Some(action.into());
        self
    }
}

/// Any of one or more options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checkbox {
    #[serde(flatten)]
    pub(super) field: Field,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    value: Vec<ComponentId>,
}

impl Checkbox {
    /// Boxes with none ticked.
    ///
    /// # Errors
    /// [`CanvasError::OptionCount`] without options.
    pub fn new(
        id: impl Into<ComponentId>,
        label: impl Into<Line>,
        options: Vec<Choice>,
    ) -> Result<Self, CanvasError> {
        if options.is_empty() {
            return Err(CanvasError::OptionCount {
                component: "a checkbox",
                count: 0,
            });
        }
        Ok(Self {
            field: Field::new(id.into(), label.into(), options),
            value: Vec::new(),
        })
    }

    /// Ticks an option beforehand.
    ///
    /// # Errors
    /// [`CanvasError::UnknownOption`].
    pub fn ticked(mut self, option: impl Into<ComponentId>) -> Result<Self, CanvasError> {
        let option = self.field.known(option.into())?;
        if !self.value.contains(&option) {
            self.value.push(option);
        }
        Ok(self)
    }

    /// Says what became of the ticks.
    #[must_use]
    pub fn save_state(mut self, state: SaveState) -> Self {
        self.field.save_state = state;
        self
    }

    /// Shows the boxes without letting anybody tick.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.field.disabled = true;
        self
    }
}
