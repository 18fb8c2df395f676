//! A slip from its template: the parts that every slip has, and those that the kind of slip says.

use hardware::receipt::doc::{Block, Doc};
use ledger::receipt::ReceiptCode;

use crate::frame::{Letterhead, Stamp};
use crate::template::{Look, Part, PartKind, Template};

/// What every slip of a fact has.
pub(crate) struct Frame<'a> {
    pub letterhead: &'a Letterhead,
    pub stamp: &'a Stamp,
    /// What the slip's own QR code says.
    pub code: ReceiptCode,
    /// `退货单`; None for a sale.
    pub kind: Option<&'static str>,
}

/// What a kind of slip says by itself.
pub(crate) trait Content {
    fn frame(&self) -> Frame<'_>;
    /// A part that is not the same on every slip. Empty: there is nothing to say, not even a line above it.
    fn say(&self, part: PartKind, look: Look) -> Vec<Block>;
}

/// Lays a slip out by its letterhead's template.
pub(crate) fn lay(content: &impl Content) -> Doc {
    let frame = content.frame();
    let parts = &frame.letterhead.template.parts;
    let mut sheet = Sheet { doc: Doc::new(), frame, content };
    parts.iter().for_each(|part| sheet.part(part));
    sheet.doc.push(Block::Feed { lines: 3 });
    sheet.doc.push(Block::Cut);
    sheet.doc
}

struct Sheet<'a, C> {
    doc: Doc,
    frame: Frame<'a>,
    content: &'a C,
}

impl<C: Content> Sheet<'_, C> {
    fn part(&mut self, part: &Part) {
        // The kind of slip stands above the line, as a headline.
        if let (PartKind::Stamp, Some(kind)) = (part.part, self.frame.kind) {
            self.doc.push(Block::title(kind));
        }
        let blocks = self.blocks(part);
        if blocks.is_empty() {
            return;
        }
        if part.rule {
            self.push(Block::Rule);
        }
        blocks.into_iter().for_each(|block| self.push(block));
    }

    /// Two lines on each other are one.
    fn push(&mut self, block: Block) {
        if block != Block::Rule || self.doc.lines.last().is_some_and(|last| *last != Block::Rule) {
            self.doc.push(block);
        }
    }

    fn blocks(&self, part: &Part) -> Vec<Block> {
        let look = part.look.unwrap_or(Look::LARGE);
        match part.part {
            PartKind::Logo => self.logo(),
            PartKind::Store => self.store(look),
            PartKind::Text => part
                .lines
                .iter()
                .map(|line| Block::Text {
                    text: line.text.clone(),
                    align: line.align,
                    size: line.size,
                    bold: line.bold,
                })
                .collect(),
            PartKind::Stamp => self.stamp(),
            PartKind::Footer => self.frame.letterhead.footer.iter().map(Block::centred).collect(),
            PartKind::ReceiptQr => vec![Block::Qr { data: self.frame.code.to_string() }],
            PartKind::InvoiceQr => self.invoice(&part.url),
            own => self.content.say(own, look),
        }
    }

    fn logo(&self) -> Vec<Block> {
        let logo = self.frame.letterhead.template.logo.iter();
        logo.map(|picture| Block::Picture { picture: picture.clone() }).collect()
    }

    fn store(&self, Look { align, size, bold }: Look) -> Vec<Block> {
        let name = Block::Text { text: self.frame.letterhead.store.clone(), align, size, bold };
        let more = [&self.frame.letterhead.address, &self.frame.letterhead.phone]
            .into_iter()
            .filter(|t| !t.is_empty());
        std::iter::once(name).chain(more.map(Block::centred)).collect()
    }

    fn stamp(&self) -> Vec<Block> {
        let Stamp { number, at, zone, cashier } = self.frame.stamp;
        let till = format!("收银机 {:02}", self.frame.letterhead.till_no);
        vec![
            Block::columns(format!("单号 {number}"), till),
            Block::columns(at.receipt(*zone), format!("收银员 {cashier}")),
        ]
    }

    fn invoice(&self, url: &str) -> Vec<Block> {
        if self.frame.kind.is_some() {
            return Vec::new();
        }
        let data = Template::invoice_url(url, &self.frame.stamp.number, &self.frame.code.to_string());
        vec![Block::centred("扫码开发票"), Block::Qr { data }]
    }
}
