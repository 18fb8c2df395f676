//! What a test page is, and what came of it.
use serde::{Deserialize, Serialize};

use crate::{
    error::HwError,
    state::{Confirm, StatusBack},
};

/// A wish to print a test page.
pub struct SelfTest {
    /// The bytes of the page, see [`test_page`](crate::escpos::test_page::test_page).
    pub page: Vec<u8>,
}

/// What the printer did with it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TestReport {
    /// Why the page could not be handed over.
    pub error: Option<HwError>,
    /// The strongest confirmation that it answered.
    pub confirm: Confirm,
    /// How it tells of paper and cover.
    pub status: StatusBack,
    /// Level of the drawer's sensor meanwhile, if it was told.
    #[serde(default)]
    pub drawer_pin_high: Option<bool>,
}
