import Checkpoints
import Foundation
import FullScale

/// A plan as a table and as JSON.
struct ClusterAnswer {
  private let plan: ClusterPlan

  init(_ plan: ClusterPlan) { self.plan = plan }

  private static func digits(_ value: Double, _ places: Int = 1) -> String {
    String(format: "%.\(places)f", value)
  }

  private static func bytes(_ count: Double) -> String { words(count, "B") }

  /// A count with a letter for its size, and a unit.
  private static func words(_ value: Double, _ unit: String = "") -> String {
    for (size, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= size
    {
      return "\(digits(value / size)) \(letter)\(unit)"
    }
    return digits(value, value < 10 ? 1 : 0) + (unit.isEmpty ? "" : " " + unit)
  }

  private static func tokens(_ value: Double) -> String {
    for (size, word) in [(1e12, "trillion"), (1e9, "billion"), (1e6, "million")]
    where value >= size {
      return "\(digits(value / size, 2)) \(word)"
    }
    return digits(value, 0)
  }

  private static func dollars(_ value: Double) -> String {
    if value >= 1e6 { return "$\(digits(value / 1e6, 3)) million" }
    return value >= 1e4 ? "$\(digits(value / 1e3)) thousand" : "$\(digits(value, 2))"
  }

  private static func time(days: Double) -> String {
    days >= 1 ? "\(digits(days)) days" : "\(digits(24 * days, 2)) hours"
  }

  private static func cards(_ count: Int) -> String { "\(count) card\(count == 1 ? "" : "s")" }

  var table: String {
    (training + layout + serving + network).map { name, value in
      name + String(repeating: " ", count: 14 - name.count) + value
    }.joined(separator: "\n")
  }

  private var name: String { plan.question.accelerator.name.uppercased() }

  private var training: [(String, String)] {
    let estimate = plan.estimate
    return [
      (
        "Training",
        "\(Self.tokens(estimate.tokens)) tokens at \(Self.words(estimate.flopsPerToken, "FLOP"))"
      ),
      (
        "",
        "\(plan.question.cards) \(name) for \(Self.time(days: estimate.days)), if "
          + "\(Self.digits(100 * estimate.utilization)) % of their peak is used"
      ),
      (
        "Cost",
        "\(Self.tokens(estimate.hours)) hours of a card: \(Self.dollars(estimate.dollars)) at "
          + "$\(Self.digits(estimate.rent, 2))"
      ),
    ]
  }

  private var layout: [(String, String)] {
    let least =
      plan.fewestCards.map { "the fewest that hold it are \($0)" }
      ?? "no number of them holds it without splitting matrices"
    guard let layout = plan.layout, let memory = plan.memory else {
      return [("Layout", "none fits \(plan.question.cards) cards; \(least)")]
    }
    return [
      (
        "Layout",
        "pipelines of \(layout.pipeline) (\(layout.method.title)), experts over "
          + "\(layout.experts), \(layout.pipelines) pipelines; \(least)"
      ),
      (
        "Memory",
        "\(Self.bytes(memory.total)) of \(Self.bytes(plan.question.accelerator.memory)): "
          + "weights \(Self.bytes(memory.working)), gradients "
          + "\(Self.bytes(memory.gradients)),"
      ),
      (
        "",
        "optimizer \(Self.bytes(memory.optimizer)), activations "
          + "\(Self.bytes(memory.activations)), logits \(Self.bytes(memory.logits))"
      ),
      ("Waiting", "\(Self.digits(100 * plan.idle)) % of a step for the pipeline"),
    ]
  }

  private var serving: [(String, String)] {
    guard let serving = plan.serving else {
      return [("Serving", "no unit of up to 1024 cards holds it")]
    }
    var rows = [
      (
        "Serving",
        "\(Self.cards(serving.cards)) at least, with \(Self.bytes(serving.weights)) of weights each and "
          + "room for \(serving.cachedTokens) tokens"
      )
    ]
    if let card = plan.decoding {
      rows.append(
        (
          "Decoding",
          "at most \(Self.digits(1 / card.timePerToken)) tokens/s a text and "
            + "\(Self.digits(card.throughput, 0)) a card, on \(Self.cards(card.cards)) with 64 texts each"
        ))
    }
    return rows
  }

  private var network: [(String, String)] {
    guard let network = plan.network else {
      return [("Network", "more than eight planes of two layers can join; three layers can")]
    }
    return [
      (
        "Network",
        "\(network.planes) planes of two layers: \(network.leaves) leaves, \(network.spines) spines "
          + "with 64 ports"
      )
    ]
  }

  var json: JSONValue {
    let estimate = plan.estimate
    var members: [(String, JSONValue)] = [
      ("gpu", .string(plan.question.accelerator.name)), ("gpus", .integer(plan.question.cards)),
      ("tokens", .number(estimate.tokens)),
      ("flops_per_token", .number(estimate.flopsPerToken)),
      ("mfu", .number(estimate.utilization)), ("gpu_hours", .number(estimate.hours)),
      ("days", .number(estimate.days)), ("dollars", .number(estimate.dollars)),
      ("fewest_gpus", plan.fewestCards.map { .integer($0) } ?? .null),
    ]
    if let layout = plan.layout, let memory = plan.memory {
      members.append(
        (
          "layout",
          [
            "pipeline": .integer(layout.pipeline), "experts": .integer(layout.experts),
            "pipelines": .integer(layout.pipelines),
            "schedule": .string(layout.method.rawValue),
            "idle_share": .number(plan.idle), "memory_bytes": .number(memory.total),
          ]
        ))
    }
    if let serving = plan.serving {
      members.append(
        (
          "serving",
          [
            "gpus": .integer(serving.cards), "weight_bytes": .number(serving.weights),
            "cached_tokens": .integer(serving.cachedTokens),
          ]
        ))
    }
    if let network = plan.network {
      members.append(("switches", .integer(network.switches)))
    }
    return .object(JSONObject(members))
  }
}
