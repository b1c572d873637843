use std::time::Instant;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    if path.ends_with(".gz") { let mut p=Vec::new(); std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut p).unwrap(); bytes=p; }
    let n: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let t=Instant::now(); for _ in 0..n { std::hint::black_box(replay::inspect_chunk(&bytes).unwrap()); } let a=t.elapsed().as_secs_f64()/n as f64;
    let t=Instant::now(); for _ in 0..n { std::hint::black_box(replay::summarize(&bytes).unwrap()); } let b=t.elapsed().as_secs_f64()/n as f64;
    println!("inspect {:.0} MB/s summarize {:.0} MB/s", bytes.len() as f64/1e6/a, bytes.len() as f64/1e6/b);
}
