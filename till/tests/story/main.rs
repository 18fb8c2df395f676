//! Stories of a shop day at one till, without a headquarters: everything that must hold while the line is
//! down. One binary, so that it links once.

mod closing;
mod customer;
mod devices;
mod document;
mod headless;
mod members;
mod paper;
mod permission;
mod printing;
mod scanning;
mod selling;
mod shop;
mod spending;
mod trouble;
mod wire;
