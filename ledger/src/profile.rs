//! Fields of a member's profile that tills may ask HQ to change, one by one.

use serde::{Deserialize, Serialize};

/// One field; edits of different fields never disturb each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileField {
    Name,
    /// `yes` or `no`: may be written to for marketing. `no` always beats `yes`.
    Marketing,
    /// Changes only with a proof that the new number answers.
    Phone,
    HomeStore,
}

impl ProfileField {
    pub const ALL: [ProfileField; 4] =
        [ProfileField::Name, ProfileField::Marketing, ProfileField::Phone, ProfileField::HomeStore];

    pub fn code(self) -> &'static str {
        match self {
            ProfileField::Name => "name",
            ProfileField::Marketing => "marketing",
            ProfileField::Phone => "phone",
            ProfileField::HomeStore => "home_store",
        }
    }
}

/// A wish for one field. Names are masked here; a full name or number travels sealed beside the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldEdit {
    pub field: ProfileField,
    /// Version of the field that the till saw: the lsn that wrote it, 0 for the joining itself.
    pub basis_ver: u64,
    pub value: String,
    /// The number answered a one-time password.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proven: bool,
}
