//! G1 to G9: what holds whatever goes wrong. Each check is a function with the invariant's name.

mod acks;
mod copies;
mod coupons;
mod downlink;
mod erased;
mod interest;
mod labels;
mod money;
mod moves;
pub mod profiles;
mod programmes;
mod siblings;
pub mod spending;
mod stored;
mod verdicts;

pub use acks::g2_what_is_acknowledged_is_held;
pub use downlink::{cursors, g5_a_till_loaded_anew_shows_the_same};

use super::world::World;

/// Everything that can be checked at any moment.
///
/// # Errors
/// The first violation, beginning with its name.
pub fn check(world: &mut World) -> Result<(), String> {
    let World { oracle, tills, .. } = world;
    // A till also writes by itself: what it re-wraps.
    tills.iter().try_for_each(|till| oracle.look(till))?;
    world.read_books()?;
    verdicts::g1_one_hash_and_one_final_verdict(world)?;
    verdicts::g1_what_happened_is_booked_once(world)?;
    money::g4_accounts_are_the_sum_of_their_posts(world)?;
    downlink::g3_cursors_stand_on_the_log(world)?;
    downlink::g5_a_till_shows_what_is_confirmed_and_its_own(world)?;
    downlink::g5_a_screen_can_be_drawn(world)?;
    siblings::g5_siblings_count_once(world)?;
    stored::c2_nothing_is_lent_twice(world)?;
    money::g6_open_cases_are_the_exception_accounts(world)
}

/// What must hold once everything has come to rest.
///
/// # Errors
/// The first violation, beginning with its name.
pub fn check_at_rest(world: &mut World) -> Result<(), String> {
    check(world)?;
    downlink::g5_every_screen_can_be_drawn(world)?;
    copies::g2_g9_what_was_committed_is_at_headquarters(world)?;
    verdicts::g1_tills_know_their_verdicts(world)?;
    verdicts::g1_nothing_waits_for_what_is_there(world)?;
    money::g7_the_log_rebuilds_what_is_kept(world)?;
    super::model::g8_a_sequential_model_agrees(world)?;
    stored::c2_nobody_spends_what_was_not_lent(world)?;
    stored::c10_no_hold_outlives_its_sale(world)?;
    erased::c26_nothing_personal_is_left(world)?;
    downlink::every_till_agrees_with_headquarters(world)?;
    moves::c35_a_case_is_of_the_store_where_it_happened(world)?;
    interest::g5_a_till_holds_whom_its_store_hears_of(world)?;
    profiles::c15_profiles_follow_the_order_of_wishes(world)?;
    coupons::c4_a_coupon_is_judged_by_its_moment(world)?;
    labels::c24_nothing_waits_for_a_kind_that_is_known(world)?;
    labels::c29_one_id_on_two_receipts_is_told(world)?;
    programmes::c17_no_receipt_is_counted_otherwise(world)?;
    programmes::c16_tiers_follow_what_was_earned(world)
}
