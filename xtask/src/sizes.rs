//! What a first visit downloads, held against a budget.
//!
//! Counted are the precompressed files themselves, which the server sends as they are. The budgets
//! are in brotli, which every browser asks for over HTTPS. Bytes are counted, not times, so the
//! check says the same everywhere.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// Most that the WASM module may weigh, in bytes after brotli.
///
/// A page adds nothing to it; an island does.
const WASM_BUDGET: u64 = 114_500;

/// Most that JavaScript, WASM and style sheet of a first load may weigh, in bytes after brotli.
const FIRST_LOAD_BUDGET: u64 = 128_000;

/// One file of the front end.
#[derive(Debug)]
struct Asset {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl Asset {
    fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.name)
            .extension()
            .is_some_and(|found| found == extension)
    }
}

/// Prints the table and fails when a budget is exceeded.
pub fn check(workspace: &Workspace) -> Result<()> {
    let assets = measure(&workspace.pkg())?;
    print(&assets);
    let broken = over_budget(&assets)?;
    if broken.is_empty() {
        println!(
            "sizes  within budget: WASM {WASM_BUDGET} and first load {FIRST_LOAD_BUDGET} bytes, brotli"
        );
        return Ok(());
    }
    bail!("{}", broken.join("; "))
}

/// Weighs every file that a page of the dashboard loads.
fn measure(pkg: &Path) -> Result<Vec<Asset>> {
    let entries = std::fs::read_dir(pkg).with_context(|| {
        format!(
            "cannot read {}; `cargo xtask build` writes it",
            pkg.display()
        )
    })?;
    let mut assets = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let extension = name.rsplit('.').next().unwrap_or_default();
        if !["js", "wasm", "css"].contains(&extension) {
            continue;
        }
        assets.push(Asset {
            raw: size(pkg, &name)?,
            gzip: size(pkg, &format!("{name}.gz"))?,
            brotli: size(pkg, &format!("{name}.br"))?,
            name,
        });
    }
    assets.sort_by_key(|asset| std::cmp::Reverse(asset.brotli));
    Ok(assets)
}

fn size(pkg: &Path, name: &str) -> Result<u64> {
    let path = pkg.join(name);
    let metadata = std::fs::metadata(&path)
        .with_context(|| format!("{} is missing: not a release build", path.display()))?;
    Ok(metadata.len())
}

/// One sentence for each budget that does not hold.
fn over_budget(assets: &[Asset]) -> Result<Vec<String>> {
    let wasm: u64 = assets
        .iter()
        .filter(|asset| asset.has_extension("wasm"))
        .map(|asset| asset.brotli)
        .sum();
    if wasm == 0 {
        bail!("no WASM module among the assets");
    }
    let first_load = total(assets, |asset| asset.brotli);
    let broken = [
        ("the WASM module", wasm, WASM_BUDGET),
        ("the first load", first_load, FIRST_LOAD_BUDGET),
    ]
    .into_iter()
    .filter(|(_, size, budget)| size > budget)
    .map(|(what, size, budget)| {
        format!(
            "{what} is {size} bytes after brotli, {} over its budget of {budget}",
            size - budget
        )
    })
    .collect();
    Ok(broken)
}

fn print(assets: &[Asset]) {
    println!(
        "sizes  {:<44} {:>9} {:>9} {:>9}",
        "file", "raw", "gzip", "brotli"
    );
    for asset in assets {
        let Asset {
            name,
            raw,
            gzip,
            brotli,
        } = asset;
        println!("sizes  {name:<44} {raw:>9} {gzip:>9} {brotli:>9}");
    }
    println!(
        "sizes  {:<44} {:>9} {:>9} {:>9}",
        "first load of the list page",
        total(assets, |asset| asset.raw),
        total(assets, |asset| asset.gzip),
        total(assets, |asset| asset.brotli),
    );
}

fn total(assets: &[Asset], size: impl Fn(&Asset) -> u64) -> u64 {
    assets.iter().map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(name: &str, brotli: u64) -> Asset {
        Asset {
            name: name.to_owned(),
            raw: 0,
            gzip: 0,
            brotli,
        }
    }

    #[test]
    fn a_budget_may_be_used_up_but_not_exceeded() {
        let full = [
            asset("a.wasm", WASM_BUDGET),
            asset("a.js", FIRST_LOAD_BUDGET - WASM_BUDGET),
        ];
        let over = [asset("a.wasm", WASM_BUDGET + 1)];

        assert_eq!(over_budget(&full).expect("there is a module"), [""; 0]);
        assert_eq!(over_budget(&over).expect("there is a module").len(), 1);
    }

    #[test]
    fn every_file_counts_towards_the_first_load() {
        let assets = [asset("a.wasm", 1), asset("a.css", FIRST_LOAD_BUDGET)];

        assert_eq!(
            over_budget(&assets).expect("there is a module"),
            ["the first load is 128001 bytes after brotli, 1 over its budget of 128000"]
        );
    }

    #[test]
    fn a_site_without_a_module_is_not_within_any_budget() {
        over_budget(&[asset("a.css", 1)]).expect_err("the build is broken");
    }
}
