import Attention
import Checkpoints

/// The numbers that follow from a configuration.
struct ModelCost {
  private let configuration: DecoderConfiguration
  private let census: ModelCensus
  private let storage: StorageCensus
  private let cacheBytes, context, flops: Int

  init?(_ configuration: DecoderConfiguration) {
    guard let census = ModelCensus(configuration), let storage = StorageCensus(configuration)
    else { return nil }
    self.configuration = configuration
    self.census = census
    self.storage = storage
    cacheBytes = configuration.cacheBytesPerToken()
    context = configuration.trainedPositions
    flops = configuration.trainingFLOPsPerToken(context: context)
  }

  /// All weights, those of the predictors included.
  private var weights: Int { census.total + census.prediction }

  private var components: [WeightGroup.Component] {
    WeightGroup.Component.allCases.filter { $0 != .prediction && census.weights(of: $0) > 0 }
  }

  var json: JSONValue {
    let parts = components.map { component -> (String, JSONValue) in
      let numbers: JSONValue = [
        "total": .integer(census.weights(of: component)),
        "activated": .integer(census.activated(of: component)),
      ]
      return (component.rawValue, numbers)
    }
    return [
      "architecture": .string(configuration.family.architecture),
      "parameters": [
        "total": .integer(census.total), "activated": .integer(census.activated),
        "mtp": .integer(census.prediction),
      ],
      "components": .object(JSONObject(parts)),
      "activated": [
        "with_embedding_and_head": .integer(census.activatedWithTables),
        "without_either": .integer(census.activatedInBlocks),
        "mtp_with_head": .integer(census.activatedPrediction),
      ],
      "kv_cache_bytes_per_token": .integer(cacheBytes),
      "context": .integer(context),
      "flops_per_token": .integer(flops),
      "memory_bytes": [
        "weights_bf16": .integer(2 * weights), "training_fp32": .integer(16 * weights),
      ],
      "stored": [
        "tensors": .integer(storage.tensors), "elements": .integer(storage.elements),
        "bytes": .integer(storage.bytes),
      ],
    ]
  }

  var table: String {
    let rows =
      sizes + counts + [
        ("KV cache", "\(cacheBytes) bytes for each token, in BF16"),
        ("Training", "\(flops) FLOP for each token of a context of \(context)"),
        ("Memory", "\(2 * weights) bytes of weights in BF16"),
        ("", "\(16 * weights) bytes to train: weights, gradient, two moments in FP32"),
        ("On disk", "\(storage.bytes) bytes in \(storage.tensors) tensors"),
      ]
    let lines = rows.map { name, value in
      name + String(repeating: " ", count: 14 - name.count) + value
    }
    return lines.joined(separator: "\n")
  }
}

// MARK: The rows

extension ModelCost {
  private var sizes: [(String, String)] {
    let model = configuration
    let head = model.tiesEmbeddings ? "shared with the embedding" : "a matrix of its own"
    var rows = [
      ("Architecture", model.family.architecture), ("Layers", layers),
      ("Width", "\(model.width), feed-forward \(model.feedForwardWidth)"), ("Heads", heads),
    ]
    if let experts = model.experts {
      let groups =
        experts.groups > 1 ? " in \(experts.activeGroups) of \(experts.groups) groups" : ""
      rows.append(
        (
          "Experts",
          "\(experts.count), \(experts.width) wide, and \(experts.shared) shared; "
            + "a token visits \(experts.active)\(groups)"
        ))
    }
    let scaling =
      switch model.ropeScaling {
      case nil: ""
      case .yarn: ", stretched from \(context) by YaRN"
      case .llama3: ", stretched from \(context)"
      }
    return rows + [
      ("Vocabulary", "\(model.vocabularySize), head \(head)"),
      ("Context", "\(model.maximumPositions)" + scaling),
    ]
  }

  private var layers: String {
    let predictors = configuration.predictors
    let dense =
      configuration.experts.map { ", of which \($0.denseLayers) without experts" } ?? ""
    let more = predictors > 0 ? ", and \(predictors) to predict further tokens" : ""
    return "\(configuration.layers)" + dense + more
  }

  private var heads: String {
    let model = configuration
    guard let latent = model.latentAttention else {
      return "\(model.heads) for queries, \(model.keyValueHeads) for keys and values, "
        + "\(model.headWidth) wide"
    }
    let queries = latent.queryRank.map { ", from \($0) numbers for queries" } ?? ""
    return "\(model.heads), \(latent.contentWidth) + \(latent.rotaryWidth) wide\(queries), "
      + "from \(latent.keyValueRank) for keys and values"
  }

  private var counts: [(String, String)] {
    guard configuration.experts != nil else {
      return [("Parameters", "\(census.total), all of them active")]
    }
    let whole = "\(census.total), of which \(census.activated) active for a token"
    let parts = components.map { component in
      let (all, active) = (census.weights(of: component), census.activated(of: component))
      let share = all == active ? "" : ", of which \(active) active"
      return ("", "  \(all) \(component.label)\(share)")
    }
    let both = ("", "\(census.activatedWithTables) active with the embedding")
    guard configuration.predictors > 0 else { return [("Parameters", whole)] + parts + [both] }
    let more =
      "\(census.prediction) more, of which \(census.activatedPrediction) active with the head"
    return [("Parameters", whole)] + parts + [both, ("Predictors", more)]
  }
}

extension WeightGroup.Component {
  fileprivate var label: String {
    switch self {
    case .embedding: "embedding"
    case .head: "head"
    case .attention: "attention"
    case .denseFeedForward: "feed-forward layers without experts"
    case .routedExperts: "routed experts"
    case .sharedExperts: "shared experts"
    case .router: "routers"
    case .norms: "norms"
    case .prediction: "predictors"
    }
  }
}
