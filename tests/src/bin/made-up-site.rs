//! Prints a made-up blueprint of any size: `cargo run -p linker-tests --bin made-up-site -- CLUSTERS PAGES`.

fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    let [clusters, pages] = sizes[..] else {
        eprintln!(
            "usage: made-up-site CLUSTERS PAGES\n\nPrints a blueprint with CLUSTERS topics of PAGES pages each, the same on every run."
        );
        std::process::exit(2);
    };
    let site = linker_tests::site(clusters, pages);
    println!("{}", serde_json::to_string_pretty(&site).expect("a blueprint is JSON"));
}
