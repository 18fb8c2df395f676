//! The proof of printing: whatever breaks and whenever, never two originals and never a lost slip.
//! Over memory for every byte, over real sockets and pseudo-terminals for every kind of trouble.
mod crash;
mod device;
mod drawer;
mod killed;
mod pages;
mod places;
mod queue;
mod rig;
mod slow;
mod spool;
mod trouble;
mod unicode;
