//! Where this terminal keeps the ledger: one encrypted SQLite file.
