//! Where an event lies in this file: the stream's local number and the event's number, as one integer.

/// Rows of one event lie under its place in every table that checkouts write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub(crate) i64);

const SEQ_BITS: u32 = 40;
/// Numbers of one stream: a sale a second for 34,000 years.
const SEQ_MAX: i64 = (1 << SEQ_BITS) - 1;

impl Place {
    pub(crate) fn new(stream_no: i64, seq: u64) -> Self {
        let seq = i64::try_from(seq).unwrap_or(SEQ_MAX).min(SEQ_MAX);
        Place(stream_no << SEQ_BITS | seq)
    }

    pub(crate) fn stream_no(self) -> i64 {
        self.0 >> SEQ_BITS
    }

    pub(crate) fn seq(self) -> u64 {
        (self.0 & SEQ_MAX).unsigned_abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_keeps_stream_and_number() {
        for (no, seq) in [(1, 1), (4095, 1 << 39), (0, 7)] {
            let place = Place::new(no, seq);
            assert_eq!((place.stream_no(), place.seq()), (no, seq));
        }
    }
}
