//! Files and pipes: whole or not at all, and no panic when the reader leaves.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use crate::program::{command, fixture, folder, run, run_with};

#[test]
fn standard_input_is_a_file_too() {
    let blueprint = fixture("blueprints/shop.json");
    let line = "--country UK --format json";
    let from_file = run(&format!("generate fixtures/blueprints/shop.json {line}")).ok();
    assert_eq!(run_with(&format!("generate - {line}"), &blueprint).ok(), from_file);
    assert_eq!(run_with(&format!("generate - {line}"), &format!("\u{feff}{blueprint}")).ok(), from_file);
}

#[test]
fn output_goes_to_a_file_and_is_confirmed() {
    let folder = folder("output");
    let file = folder.join("links.csv");
    let line = format!("generate fixtures/blueprints/shop.json -c UK -f csv -o {}", file.display());
    let answer = run(&line);
    assert!(answer.err.starts_with("wrote ") && answer.err.lines().count() == 1, "{}", answer.err);
    assert_eq!(answer.ok(), "");
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(written, run("generate fixtures/blueprints/shop.json -c UK -f csv").ok());
    // A plan that can't be made leaves the old one, and nothing else, behind.
    run(&format!("{line} --set budget_max=1")).refused();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), written);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn a_file_that_can_not_be_written() {
    let folder = folder("no-output");
    let file = folder.join("missing/links.csv");
    let err = run(&format!("generate fixtures/blueprints/shop.json -c UK -f csv -o {}", file.display())).refused();
    assert!(err.starts_with("error: can't write ") && err.contains("missing/links.csv"), "{err}");
    let err = run(&format!("profiles -o {}", folder.display())).refused();
    assert!(err.starts_with("error: can't write "), "{err}");
}

#[cfg(unix)]
#[test]
fn a_link_s_file_is_replaced_and_the_link_stays() {
    let folder = folder("link");
    let (file, link) = (folder.join("plan.txt"), folder.join("latest.txt"));
    std::fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    run(&format!("profiles -o {}", link.display())).ok();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), run("profiles").ok());
    run("profiles -o /dev/null").ok();
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
}

#[test]
fn a_reader_may_leave_early() {
    let mut command = command("generate fixtures/blueprints/shop.json --country USA --format json");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "{\n");
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn the_component_is_the_embedded_one() {
    let folder = folder("component");
    let (plain, named) = (folder.join("engine.wasm"), folder.join("named.wasm"));
    run(&format!("component --out {}", plain.display())).ok();
    run(&format!("component --with-names --out {}", named.display())).ok();
    assert_eq!(std::fs::read(plain).unwrap(), igny8_linker::engine::COMPONENT);
    assert_eq!(std::fs::read(named).unwrap(), igny8_linker::engine::COMPONENT_WITH_NAMES);
}
