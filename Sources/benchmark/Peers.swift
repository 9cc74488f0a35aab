import Foundation

/// What other programs measured of the same work, read from the lines of JSON that they printed.
///
/// Three sorts of lines are known: rows with a `name` and a number under the same key as ours; the
/// course of a training of the small recipe, with `train_seconds` and `tokens` so far; and what a
/// `peer` says of the small V3. Other lines are passed over.
struct Peers {
  private var rows: [(name: String, threads: Int?, values: [String: Double])] = []

  /// No peers.
  init() {}

  init(reading file: URL) throws {
    guard let data = try? Data(contentsOf: file) else {
      throw PeerError("\(file.relativePath) cannot be read.")
    }
    var course: [(tokens: Double, seconds: Double)] = []
    for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let object = try? JSONSerialization.jsonObject(with: line) as? [String: Any] else {
        throw PeerError("\(file.relativePath), line \(number + 1): not a JSON object.")
      }
      let values = object.compactMapValues { ($0 as? NSNumber)?.doubleValue }
      if let name = object["name"] as? String {
        rows.append((name, object["threads"] as? Int, values))
      } else if object["peer"] is String {
        let keys = ["tokens_per_second": "train", "decode_tokens_per_second": "decode"]
        for (key, work) in keys {
          guard let speed = values[key] else { continue }
          rows.append(("\(work)/small-v3", nil, ["tokens_per_second": speed]))
        }
      } else if let seconds = values["train_seconds"], let tokens = values["tokens"] {
        course.append((tokens, seconds))
      }
    }
    if let first = course.first, let last = course.last, last.seconds > first.seconds {
      let speed = (last.tokens - first.tokens) / (last.seconds - first.seconds)
      rows.append(("train/gpt", nil, ["tokens_per_second": speed]))
    }
  }

  /// Adds a peer's number and the ratio to it, where a peer measured the same.
  func complete(_ row: inout Row) {
    for key in ["gflops", "tokens_per_second"] {
      guard let ours = row.numbers.first(where: { $0.key == key })?.value,
        let theirs = rows.first(where: {
          $0.name == row.name && ($0.threads ?? row.threads) == row.threads
            && $0.values[key] != nil
        })?.values[key], theirs > 0
      else { continue }
      row.numbers += [("peer_\(key)", theirs), ("ratio", ours / theirs)]
    }
  }
}

/// Why a file of peers is of no use, in one sentence.
struct PeerError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
