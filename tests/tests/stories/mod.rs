//! Days of a shop, told by what must be true at their end. Each file is one sentence.

mod a_month_in_the_dark_drains_by_itself;
mod a_phone_number_stays_sealed;
mod a_refund_gives_everything_back;
mod a_sale_is_seen_at_the_other_till_within_a_second;
mod a_sale_rung_up_offline_arrives_exactly_once;
mod one_coupon_at_two_dark_tills_has_one_winner;
mod one_phone_joined_twice_is_one_member;
mod points_spent_in_the_dark_stay_inside_the_quota;
mod the_read_side_agrees_with_the_tills;
mod two_dark_tills_overdraw_one_member;
mod what_cannot_be_done_gets_a_clear_answer;
