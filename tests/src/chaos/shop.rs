//! What a run stands on: headquarters on a database, four tills, a cable for each.

use std::path::Path;

use tempfile::TempDir;

use crate::cashier::CASHIER_PIN;
use crate::hq::{Hq, Line};
use crate::operator::Operator;
use crate::postgres::Cluster;
use crate::proxy::Cable;
use crate::terminal::Terminal;
use crate::till::{Setup, Till};

use super::plan::Database;

const TILLS: u32 = 4;
/// The number under which the run looks at members and goods.
const AUDITOR_TILL_NO: u32 = 99;
/// Its name where it is a PostgreSQL.
pub const DATABASE: &str = "chaos";
/// Few, so that the tills meet at the same members.
const MEMBERS: usize = 6;
const GOODS: usize = 12;

/// What is sold to whom.
#[derive(Clone, Debug)]
pub struct Wares {
    pub barcodes: Vec<String>,
    pub cards: Vec<String>,
}

pub struct Shop {
    pub tills: Vec<Till>,
    pub cables: Vec<Cable>,
    pub operator: Operator,
    pub hq: Hq,
    pub wares: Wares,
    pub cluster: Option<Cluster>,
    folder: TempDir,
}

impl Shop {
    /// None when the database cannot be had on this machine.
    pub fn open(database: Database) -> Option<Shop> {
        let folder = tempfile::tempdir().expect("a folder for this run");
        let cluster = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(Cluster::start()?),
        };
        let url = cluster.as_ref().map(|cluster| cluster.database(DATABASE));
        let hq = Hq::demo_on(folder.path(), Line::Tls, url.as_deref());
        let operator = Operator::of(&hq, &hq.token());
        let wares = wares(&hq);
        let mut shop = Shop { tills: Vec::new(), cables: Vec::new(), operator, hq, wares, cluster, folder };
        (1..=TILLS).for_each(|number| shop.add_till(number));
        Some(shop)
    }

    fn add_till(&mut self, number: u32) {
        let cable = Cable::to(self.hq.address());
        let setup = Setup::below(&self.folder.path().join(format!("till-{number}")));
        let mut till = Till::start(&setup);
        till.enrol(&self.hq.url_at(cable.address()), &self.hq.code(number));
        till.open_shop();
        // Only a start after the enrolment names the terminal.
        till.restart();
        till.sign_in(CASHIER_PIN);
        self.cables.push(cable);
        self.tills.push(till);
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn wares(hq: &Hq) -> Wares {
    let mut auditor = match Terminal::enrol(hq.url(), &hq.code(AUDITOR_TILL_NO), 1) {
        Ok(auditor) => auditor,
        Err(no) => panic!("the auditor is not enrolled: {no:?}"),
    };
    let by_piece = |item: &&ledger::catalogue::Item| !item.weighed() && !item.barcodes.is_empty();
    let items = auditor.config().items;
    let barcodes = items.iter().filter(by_piece).take(GOODS).map(|item| item.barcodes[0].clone()).collect();
    let mut members = auditor.snapshot().members;
    members.sort_by_key(|(_, points, _)| -points);
    let cards = members.into_iter().take(MEMBERS).map(|(row, ..)| row.card_no).collect();
    Wares { barcodes, cards }
}
