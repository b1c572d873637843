//! What has just happened to a source, as the next page says it.

/// Travels through a redirect as a word of the address, so that nobody can make the page say anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    Saved,
    MadeAlready,
    NoName,
    TooManySources,
    KeyReplacedMeanwhile,
    TooManyKeys,
    SentAgain,
    NothingToSend,
    Deleted,
}

impl Notice {
    const ALL: [Self; 9] = [
        Self::Saved,
        Self::MadeAlready,
        Self::NoName,
        Self::TooManySources,
        Self::KeyReplacedMeanwhile,
        Self::TooManyKeys,
        Self::SentAgain,
        Self::NothingToSend,
        Self::Deleted,
    ];

    /// The notice of a word; a word that is none says nothing.
    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.word() == word)
    }

    /// Its word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::MadeAlready => "made-already",
            Self::NoName => "no-name",
            Self::TooManySources => "too-many-sources",
            Self::KeyReplacedMeanwhile => "key-replaced-meanwhile",
            Self::TooManyKeys => "too-many-keys",
            Self::SentAgain => "sent-again",
            Self::NothingToSend => "nothing-to-send",
            Self::Deleted => "deleted",
        }
    }

    /// Its look: a class of the stylesheet.
    pub(super) fn tone(self) -> &'static str {
        match self {
            Self::Saved | Self::SentAgain | Self::Deleted => "good",
            Self::MadeAlready | Self::KeyReplacedMeanwhile | Self::NothingToSend => "warn",
            Self::NoName | Self::TooManySources | Self::TooManyKeys => "bad",
        }
    }

    /// What it says.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Saved => "Saved. It applies to what is sent from now on, within a minute.",
            Self::MadeAlready => "That source had been made already, so no other was made.",
            Self::NoName => "Nothing was made: a source needs a name of at most 100 characters.",
            Self::TooManySources => {
                "Nothing was made: there are 50 sources already, and no more can be kept."
            }
            Self::KeyReplacedMeanwhile => {
                "That key had been replaced already, so nothing was changed."
            }
            Self::TooManyKeys => {
                "Nothing was changed: too many replaced keys still work. Wait until one has ended."
            }
            Self::SentAgain => "The event waits to be sent again. It shows below in a moment.",
            Self::NothingToSend => {
                "There was nothing to send: Intercom has been told meanwhile, or the event is no longer kept."
            }
            Self::Deleted => {
                "Deleted. Its key ends within a minute, and what still waits is dropped."
            }
        }
    }
}
