//! A slip from its template: the parts that every slip has, and those that the kind of slip says.

use hardware::receipt::doc::{Block, Doc};

use crate::frame::{Letterhead, Stamp};
use crate::template::{Look, Part, PartKind, Template};

/// What a kind of slip says by itself.
pub(crate) trait Content {
    /// `退货单`; None for a sale.
    fn kind(&self) -> Option<&str>;
    /// Text of the slip's own QR code.
    fn code(&self) -> String;
    /// A part that is not the same on every slip. Empty: there is nothing to say, not even a line above it.
    fn say(&self, part: PartKind, look: Look) -> Vec<Block>;
}

/// Lays a slip out by its letterhead's template.
pub(crate) fn lay(letterhead: &Letterhead, stamp: &Stamp, content: &impl Content) -> Doc {
    let mut sheet = Sheet { doc: Doc::new(), letterhead, stamp, content };
    letterhead.template.parts.iter().for_each(|part| sheet.part(part));
    sheet.doc.push(Block::Feed { lines: 3 });
    sheet.doc.push(Block::Cut);
    sheet.doc
}

struct Sheet<'a, C> {
    doc: Doc,
    letterhead: &'a Letterhead,
    stamp: &'a Stamp,
    content: &'a C,
}

impl<C: Content> Sheet<'_, C> {
    fn part(&mut self, part: &Part) {
        // The kind of slip stands above the line, as a headline.
        if let (PartKind::Stamp, Some(kind)) = (part.part, self.content.kind()) {
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
            PartKind::Footer => self.letterhead.footer.iter().map(Block::centred).collect(),
            PartKind::ReceiptQr => vec![Block::Qr { data: self.content.code() }],
            PartKind::InvoiceQr => self.invoice(&part.url),
            own => self.content.say(own, look),
        }
    }

    fn logo(&self) -> Vec<Block> {
        self.letterhead
            .template
            .logo
            .iter()
            .map(|picture| Block::Picture { picture: picture.clone() })
            .collect()
    }

    fn store(&self, Look { align, size, bold }: Look) -> Vec<Block> {
        let name = Block::Text { text: self.letterhead.store.clone(), align, size, bold };
        let more = [&self.letterhead.address, &self.letterhead.phone].into_iter().filter(|t| !t.is_empty());
        std::iter::once(name).chain(more.map(Block::centred)).collect()
    }

    fn stamp(&self) -> Vec<Block> {
        let Stamp { number, at, zone, cashier } = self.stamp;
        let till = format!("收银机 {:02}", self.letterhead.till_no);
        vec![
            Block::columns(format!("单号 {number}"), till),
            Block::columns(at.receipt(*zone), format!("收银员 {cashier}")),
        ]
    }

    fn invoice(&self, url: &str) -> Vec<Block> {
        if self.content.kind().is_some() {
            return Vec::new();
        }
        let data = Template::invoice_url(url, &self.stamp.number, &self.content.code());
        vec![Block::centred("扫码开发票"), Block::Qr { data }]
    }
}
