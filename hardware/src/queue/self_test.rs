//! The test page, and what the printer answers to it: which words of it can be trusted.
use std::time::{Duration, Instant};

use super::{
    inbox::Inbox,
    limits::SLICE,
    ready::{ask, listen},
    report::{SelfTest, TestReport},
};
use crate::{
    error::{ErrorCode, HwError, Retry},
    escpos::{
        bytes,
        status::{Reply, ReplyReader},
    },
    state::{Confirm, DeviceState, StatusBack},
    transport::Transport,
};

/// Longest wait for an answer before and behind the page.
const ANSWER: Duration = Duration::from_millis(800);
/// Longest wait for the page itself: 3 kB at 960 bytes a second, and the paper.
const PAGE: Duration = Duration::from_secs(15);
/// The number that the printer is asked to repeat.
const NUMBER: [u8; 4] = *b"TEST";

impl SelfTest {
    /// Prints the page and tries the questions, weakest first: a printer that is upset by one has
    /// answered those before.
    pub(super) fn run(self, pipe: &mut dyn Transport, inbox: &mut Inbox) -> TestReport {
        let mut report = TestReport::default();
        inbox.turn(DeviceState::Busy, None);
        report.error = self.try_all(pipe, inbox, &mut report).err();
        report
    }

    fn try_all(
        &self,
        pipe: &mut dyn Transport,
        inbox: &mut Inbox,
        report: &mut TestReport,
    ) -> Result<(), HwError> {
        let mut reader = ReplyReader::default();
        if pipe.caps().two_way {
            ask(pipe, &mut reader)?;
            hear(pipe, inbox, &mut reader, ANSWER, |_, reader| reader.all_answered())?;
            if reader.all_answered() {
                report.status = StatusBack::Eot;
                report.drawer_pin_high = Some(reader.condition().drawer_pin_high);
            }
            reader.forget_questions();
        }
        write_all(pipe, inbox, &self.page)?;
        if pipe.caps().two_way {
            write_all(pipe, inbox, &bytes::barrier())?;
            if hear(pipe, inbox, &mut reader, PAGE, |replies, _| replies.contains(&Reply::Reached))? {
                report.confirm = Confirm::GsR;
            }
            write_all(pipe, inbox, &bytes::process_barrier(NUMBER))?;
            let repeated = Reply::ReachedProcess(NUMBER);
            if hear(pipe, inbox, &mut reader, ANSWER, |replies, _| replies.contains(&repeated))? {
                report.confirm = Confirm::ProcessId;
            }
        }
        pipe.end_job("test-page", SLICE)
    }
}

fn write_all(pipe: &mut dyn Transport, inbox: &mut Inbox, data: &[u8]) -> Result<(), HwError> {
    let (mut sent, mut until) = (0, Instant::now() + PAGE);
    while sent < data.len() {
        match pipe.write(&data[sent..], SLICE) {
            Ok(accepted) => (sent, until) = (sent + accepted, Instant::now() + PAGE),
            Err(error) if error.code == ErrorCode::Timeout && error.retry == Retry::Now => {}
            Err(error) => return Err(error),
        }
        inbox.tend();
        if Instant::now() >= until || inbox.is_stopping() {
            return Err(HwError::timeout("the printer takes no more bytes"));
        }
    }
    Ok(())
}

/// Listens until `enough` says so or the limit is over; answers which.
fn hear(
    pipe: &mut dyn Transport,
    inbox: &mut Inbox,
    reader: &mut ReplyReader,
    limit: Duration,
    enough: impl Fn(&[Reply], &ReplyReader) -> bool,
) -> Result<bool, HwError> {
    let until = Instant::now() + limit;
    loop {
        let replies = listen(pipe, reader)?;
        if enough(&replies, reader) {
            return Ok(true);
        }
        inbox.tend();
        if Instant::now() >= until || inbox.is_stopping() {
            return Ok(false);
        }
    }
}
