//! What breaks in a shop, and what must hold all the same. Each file is one sentence.

mod a_captive_portal_is_no_network;
mod a_damaged_ledger_is_set_aside;
mod a_full_disk_refuses_the_sale;
mod a_ledger_opens_for_one_and_with_its_key;
mod a_restored_headquarters_is_told_everything_again;
mod a_till_killed_two_hundred_times_loses_nothing;
mod headquarters_killed_at_any_moment_books_once;
mod lost_answers_double_nothing;
mod repeated_and_reordered_requests_change_nothing;
mod strangers_are_refused;
