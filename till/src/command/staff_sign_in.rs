//! A person signs in with a PIN. Works offline; guessing locks the PIN pad for a while.

use crate::approval;
use crate::desk::Desk;
use crate::failure::Answer;
use crate::view::{StaffSignIn, StaffView};

pub fn staff_sign_in(desk: &Desk, args: StaffSignIn) -> Answer<StaffView> {
    let row = approval::identify(desk, &args.pin, args.staff_id.as_deref())?;
    let view = StaffView::from(&row);
    let mut session = desk.session();
    session.staff = Some(row);
    session.strip = None;
    Ok(view)
}
