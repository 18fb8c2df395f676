//! Server-sent events from bytes (WHATWG HTML 9.2), as far as the feed uses them.

/// A feed that sends more than this without an empty line is not ours.
const PENDING_BYTES_MAX: usize = 1 << 20;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerEvent {
    pub name: String,
    pub data: String,
}

/// Bytes in, whole events out; a line or an event may come in any number of pieces.
#[derive(Debug, Default)]
pub struct SseParser {
    pending: Vec<u8>,
    event: ServerEvent,
    has_data: bool,
}

/// The stream is too long or no text: somebody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAFeed;

impl SseParser {
    /// # Errors
    /// [`NotAFeed`] once a line or an event grows beyond 1 MiB, or is not UTF-8.
    pub fn take(&mut self, bytes: &[u8]) -> Result<Vec<ServerEvent>, NotAFeed> {
        self.pending.extend_from_slice(bytes);
        let mut events = Vec::new();
        while let Some(end) = self.pending.iter().position(|b| *b == b'\n') {
            let line: Vec<u8> = self.pending.drain(..=end).collect();
            let line = std::str::from_utf8(&line).map_err(|_| NotAFeed)?;
            events.extend(self.line(line.trim_end_matches(['\n', '\r'])));
        }
        if self.pending.len() + self.event.data.len() > PENDING_BYTES_MAX {
            return Err(NotAFeed);
        }
        Ok(events)
    }

    fn line(&mut self, line: &str) -> Option<ServerEvent> {
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            return std::mem::take(&mut self.has_data).then_some(event);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event.name),
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            // Comments (empty field name), `id` and `retry` mean nothing here.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str =
        ": hello\r\n\r\nevent: heads\r\ndata: {\"a\":1}\r\n\r\nevent: heads\ndata: x\ndata: y\nid: 7\n\n";

    fn want() -> Vec<ServerEvent> {
        [("heads", "{\"a\":1}"), ("heads", "x\ny")]
            .map(|(name, data)| ServerEvent { name: name.to_owned(), data: data.to_owned() })
            .to_vec()
    }

    #[test]
    fn events_are_whole_however_the_bytes_are_cut() {
        for size in 1..STREAM.len() {
            let mut parser = SseParser::default();
            let events: Vec<ServerEvent> = STREAM
                .as_bytes()
                .chunks(size)
                .flat_map(|piece| parser.take(piece).expect("a feed"))
                .collect();
            assert_eq!(events, want(), "cut every {size} bytes");
        }
    }

    #[test]
    fn an_event_without_its_empty_line_is_not_delivered() {
        assert_eq!(SseParser::default().take(b"event: heads\ndata: {}\n"), Ok(Vec::new()));
    }

    #[test]
    fn an_endless_line_is_not_a_feed() {
        let mut parser = SseParser::default();
        let last = (0..40).map(|_| parser.take(&[b'a'; 65_536])).find(Result::is_err);
        assert_eq!(last, Some(Err(NotAFeed)));
        assert_eq!(SseParser::default().take(b"\xff\xfe\n"), Err(NotAFeed));
    }
}
