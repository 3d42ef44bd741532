//! Prints a plan natively.
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let blueprint = serde_json::from_str(&std::fs::read_to_string(&args[1]).unwrap()).unwrap();
    let options = serde_json::from_str(&args[2]).unwrap();
    match linker_engine::generate(blueprint, &options) {
        Ok(plan) => println!("{}", serde_json::to_string_pretty(&plan).unwrap()),
        Err(errors) => {
            for error in errors {
                eprintln!("{error}");
            }
            std::process::exit(2)
        }
    }
}
