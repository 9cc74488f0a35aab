import Checkpoints
import Foundation

/// One line of the result.
struct Row {
  let name: String
  let threads: Int
  /// The measured numbers under their JSON keys, the speed first.
  var numbers: [(key: String, value: Double)]

  var json: JSONValue {
    var members = JSONObject()
    members["name"] = .string(name)
    members["threads"] = .integer(threads)
    for (key, value) in numbers {
      let isWhole = value == value.rounded() && abs(value) < 1e15
      members[key] = isWhole ? .integer(Int(value)) : .number(value)
    }
    return .object(members)
  }

  var text: String {
    let facts = numbers.map { key, value in
      "\(key.replacingOccurrences(of: "_", with: " ")) \(Row.short(value))"
    }
    let padding = String(repeating: " ", count: max(1, 14 - name.count))
    return "\(name)\(padding)\(threads) thread\(threads == 1 ? " " : "s")  "
      + facts.joined(separator: ", ")
  }

  static func title(peak: Double, threads: Int) -> String {
    "One core does at most \(short(peak)) GFLOP/s; \(threads) threads train."
  }

  private static func short(_ value: Double) -> String {
    abs(value) >= 1000 || value == value.rounded()
      ? String(format: "%.0f", value) : String(format: abs(value) < 10 ? "%.3f" : "%.1f", value)
  }
}
