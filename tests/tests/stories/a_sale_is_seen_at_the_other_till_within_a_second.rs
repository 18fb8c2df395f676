//! Two tills with contact: what one books, the other shows.

use std::time::{Duration, Instant};

use suanpan_tests::wait;
use suanpan_tests::world::World;

const SECOND: Duration = Duration::from_secs(1);

/// Sells at till `from` and returns how long till `to` took to show the confirmed balance.
fn check(world: &mut World, from: usize, to: usize, card_no: &str, goods: &[&str]) -> Duration {
    let before = world.tills[to].member(card_no).balance.confirmed;
    let paid = world.tills[from].sell_to(card_no, goods);
    let sold = Instant::now();
    let wanted = before + paid.points_earned;
    wait::until("the other till shows the new balance", Duration::from_secs(20), || {
        (world.tills[to].member(card_no).balance.confirmed == wanted).then_some(())
    });
    sold.elapsed()
}

#[test]
fn a_sale_is_seen_at_the_other_till_within_a_second() {
    let mut world = World::open(2);
    let (member, _) = world.rich_member();
    let goods = world.goods_worth(30_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let mut took: Vec<Duration> = [(0, 1), (1, 0), (0, 1), (1, 0), (0, 1)]
        .map(|(from, to)| check(&mut world, from, to, &member.card_no, &goods))
        .to_vec();
    took.sort();
    // The machine that tests may be busy with another test: the middle one counts.
    assert!(took[2] <= SECOND, "{took:?}");
}
