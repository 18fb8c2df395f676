//! Every table as plain rows, the same from both databases: what a move copies and what a test compares.

/// One value of a row. No Debug: rows hold keys and personal data.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

pub type Row = Vec<Cell>;

#[derive(Debug, thiserror::Error)]
#[error("{0} is no text")]
pub struct NoText(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Int,
    Text,
    Bytes,
}

pub struct Table {
    pub name: &'static str,
    /// The columns that both databases have, with their kinds.
    pub columns: &'static [(&'static str, Kind)],
    /// Columns that put the rows into one order.
    pub order: &'static str,
}

impl Table {
    /// Names of the columns, as a statement lists them.
    pub fn list(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// All rows, in order.
    pub fn select(&self) -> String {
        format!("SELECT {} FROM {} ORDER BY {}", self.list(), self.name, self.order)
    }

    /// The text of a row's column.
    ///
    /// # Errors
    /// When the row has no such text.
    pub fn text<'a>(&self, row: &'a Row, column: &str) -> Result<&'a str, NoText> {
        let at = self.columns.iter().position(|(name, _)| *name == column);
        match at.and_then(|at| row.get(at)) {
            Some(Cell::Text(text)) => Ok(text),
            _ => Err(NoText(format!("{}.{column}", self.name))),
        }
    }
}

macro_rules! tables {
    ($($name:ident ($($column:ident $kind:ident),* $(,)?) by $order:literal;)*) => {
        /// What a chain consists of. Nonces are left out: they are of one moment.
        pub const TABLES: &[Table] = &[$(Table {
            name: stringify!($name),
            columns: &[$((stringify!($column), Kind::$kind)),*],
            order: $order,
        }),*];
    };
}

tables! {
    meta (k Text, v Bytes) by "k";
    shard (id Int, lsn Int, chain Bytes) by "id";
    log (shard Int, lsn Int, chain Bytes, line Text) by "shard, lsn";
    store (id Text, name Text, address Text, phone Text, offset_min Int, cutover_hour Int, footer Text,
        scan_rules Text) by "id";
    staff (store Text, id Text, name Text, role Text, pin_hash Text) by "store, id";
    item (sku Text, body Text) by "sku";
    terminal (id Int, store Text, till_no Int, public_key Bytes, app_version Text, epoch Int,
        enrolled_at Int, last_contact Int, told_epoch Int, told_seq Int, revoked_at Int) by "id";
    enrol_code (hash Bytes, store Text, till_no Int, expires_at Int, used_at Int) by "hash";
    stream (terminal Int, epoch Int, received Int, head Bytes, stable Int) by "terminal, epoch";
    inbox (terminal Int, epoch Int, seq Int, hash Bytes, line Bytes, received_at Int, verdict Text,
        code Text, shard Int, lsn Int, case_id Text, waits_for Text) by "terminal, epoch, seq";
    account (shard Int, account Text, unit Text, balance Int) by "shard, account, unit";
    posting (shard Int, account Text, lsn Int, n Int, unit Text, delta Int, balance_after Int,
        reason Text, cause Text, at Int) by "shard, account, lsn, n";
    member (shard Int, id Text, root Text, card_no Text, phone_hash Bytes, phone_mask Text, name Text,
        tier Text, state Text, home_store Text, joined_at Int) by "shard, id";
    member_pii (member Text, phone Text, name Text) by "member";
    phone_claim (phone_hash Bytes, member Text) by "phone_hash";
    quota (shard Int, member Text, store Text, points Int, fen Int, until Int) by "shard, member, store";
    coupon (shard Int, member Text, id Text, code Text, title Text, benefit Text, threshold_fen Int,
        starts_on Int, ends_on Int, home_store Text, state Text, used_by Text, changed_lsn Int)
        by "shard, member, id";
    refunded (sale Text, refund Text) by "sale";
    sale (store Text, biz_date Int, terminal Int, epoch Int, seq Int, kind Text, receipt_no Text,
        total_fen Int, member Text, earned Int, redeemed Int, received_at Int)
        by "store, biz_date, terminal, epoch, seq";
    day_close (store Text, biz_date Int, terminal Int, epoch Int, seq Int, report_no Int, agreed Int,
        till Text, hq Text) by "store, biz_date, terminal, epoch, seq";
    exception_case (id Text, kind Text, state Text, version Int, shard Int, store Text, terminal Int,
        epoch Int, seq Int, member Text, other Text, coupon Text, unit Text, amount Int, detail Text,
        opened_at Int, closed_at Int, choice Text) by "id";
    operator (name Text, password_hash Text, one_time Int) by "name";
    operator_token (hash Bytes, operator Text, expires_at Int) by "hash";
    kept (shard Int, kind Text, id Text, body Text) by "shard, kind, id";
    interest (shard Int, member Text, store Text) by "shard, member, store";
}
