//! G2: what headquarters acknowledges, it holds. Others rely on the word: a till forgets, a sibling stops
//! handing on, a person throws a file away.

use ledger::id::{EventKey, Hash};
use sync::protocol::push::{PushAck, PushHead};

use crate::sim::world::World;

/// Every line of a push that the answer says was received is in the stream, under its number.
///
/// # Errors
/// The event that is not.
pub fn g2_what_is_acknowledged_is_held(world: &World, pushed: &[u8], answer: &[u8]) -> Result<(), String> {
    let Ok(ack) = serde_json::from_slice::<PushAck>(answer) else { return Ok(()) };
    let mut lines = pushed.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let head = lines.next().and_then(|head| serde_json::from_slice::<PushHead>(head).ok());
    let (Some(head), Some(view)) = (head, world.office.view()) else { return Ok(()) };
    let received = (head.first_seq..=ack.received_through).zip(lines);
    for (seq, line) in received {
        let key = EventKey { terminal: head.terminal, epoch: head.epoch, seq };
        if view.hash_of(key).map_err(|e| e.to_string())? != Some(Hash::of(line)) {
            return Err(format!("G2 {key} was acknowledged, headquarters holds another event under it"));
        }
    }
    Ok(())
}
