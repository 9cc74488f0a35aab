extension RopeScaling {
  /// Reads the base and the stretching of rotary positions from either spelling.
  ///
  /// Where a file has both, `rope_scaling` wins, as it does in `transformers`.
  ///
  /// - Parameter positions: The context of the model, from which missing constants follow.
  static func settings(
    _ fields: JSONFields, positions: Int
  ) throws(CheckpointError) -> (theta: Double, scaling: RopeScaling?) {
    let scaling = try fields.fields("rope_scaling")
    let parameters = try fields.fields("rope_parameters")
    let outside = try fields.number("rope_theta", default: 10000)
    let inside = try parameters?.number("rope_theta", default: outside) ?? outside
    guard let settings = scaling ?? parameters else { return (inside, nil) }
    return (
      try settings.number("rope_theta", default: inside),
      try RopeScaling(settings, positions: positions)
    )
  }

  private init?(_ settings: JSONFields, positions: Int) throws(CheckpointError) {
    // The oldest files say `type`.
    let key = settings["rope_type"] == nil ? "type" : "rope_type"
    let kind = try settings.string(key, default: "default")
    let part = try settings.number("partial_rotary_factor", default: 1)
    guard part == 1 else {
      throw settings.error("partial_rotary_factor", .unsupported("\(part)"))
    }
    switch kind {
    case "default": return nil
    case "yarn": self = .yarn(try YaRNScaling(settings, positions: positions))
    case "llama3": self = .llama3(try Llama3Scaling(settings, positions: positions))
    default: throw settings.error(key, .unsupported("'\(kind)'"))
    }
  }

  /// The members of `rope_scaling`, with the old and the new word for its kind.
  var json: JSONObject {
    var object = JSONObject()
    switch self {
    case .yarn(let yarn):
      object["type"] = "yarn"
      object["rope_type"] = "yarn"
      object["factor"] = .number(yarn.factor)
      object["original_max_position_embeddings"] = .integer(yarn.originalPositions)
      object["beta_fast"] = .number(yarn.betaFast)
      object["beta_slow"] = .number(yarn.betaSlow)
      object["mscale"] = yarn.mscale.map { .number($0) }
      object["mscale_all_dim"] = yarn.mscaleAllDim.map { .number($0) }
    case .llama3(let llama):
      object["type"] = "llama3"
      object["rope_type"] = "llama3"
      object["factor"] = .number(llama.factor)
      object["low_freq_factor"] = .number(llama.lowFrequencyFactor)
      object["high_freq_factor"] = .number(llama.highFrequencyFactor)
      object["original_max_position_embeddings"] = .integer(llama.originalPositions)
    }
    return object
  }
}

extension YaRNScaling {
  fileprivate init(_ settings: JSONFields, positions: Int) throws(CheckpointError) {
    guard settings["attention_factor"] == nil else {
      throw settings.error("attention_factor", .unsupported("set"))
    }
    guard try settings.bool("truncate", default: true) else {
      throw settings.error("truncate", .unsupported("false"))
    }
    let original = try settings.integer(
      "original_max_position_embeddings", default: positions,
      in: 1...DecoderConfiguration.largestSize)
    func optional(_ key: String) throws(CheckpointError) -> Double? {
      settings[key] == nil ? nil : try settings.number(key)
    }
    self.init(
      factor: try settings.number("factor", default: Double(positions) / Double(original)),
      originalPositions: original,
      betaFast: try settings.number("beta_fast", default: 32),
      betaSlow: try settings.number("beta_slow", default: 1),
      mscale: try optional("mscale"), mscaleAllDim: try optional("mscale_all_dim"))
  }

  /// Names the first constant that breaks a rule.
  var problem: (key: String, problem: String)? {
    if !(factor >= 1 && factor.isFinite) { return ("factor", "\(factor) is not 1 or more") }
    if !(1...DecoderConfiguration.largestSize).contains(originalPositions) {
      return ("original_max_position_embeddings", "\(originalPositions) is out of range")
    }
    if !(betaSlow > 0 && betaSlow.isFinite) {
      return ("beta_slow", "\(betaSlow) is not positive")
    }
    if !(betaFast >= betaSlow && betaFast.isFinite) {
      return ("beta_fast", "\(betaFast) is less than beta_slow, \(betaSlow)")
    }
    for (key, value) in [("mscale", mscale), ("mscale_all_dim", mscaleAllDim)] {
      if let value, !(value >= 0 && value.isFinite) {
        return (key, "\(value) is not 0 or more")
      }
    }
    return nil
  }
}

extension Llama3Scaling {
  fileprivate init(_ settings: JSONFields, positions: Int) throws(CheckpointError) {
    self.init(
      factor: try settings.number("factor"),
      lowFrequencyFactor: try settings.number("low_freq_factor"),
      highFrequencyFactor: try settings.number("high_freq_factor"),
      originalPositions: try settings.integer(
        "original_max_position_embeddings", default: positions,
        in: 1...DecoderConfiguration.largestSize))
  }

  /// Names the first constant that breaks a rule.
  var problem: (key: String, problem: String)? {
    if !(factor >= 1 && factor.isFinite) { return ("factor", "\(factor) is not 1 or more") }
    if !(1...DecoderConfiguration.largestSize).contains(originalPositions) {
      return ("original_max_position_embeddings", "\(originalPositions) is out of range")
    }
    if !(lowFrequencyFactor > 0 && lowFrequencyFactor.isFinite) {
      return ("low_freq_factor", "\(lowFrequencyFactor) is not positive")
    }
    if !(highFrequencyFactor > lowFrequencyFactor && highFrequencyFactor.isFinite) {
      return (
        "high_freq_factor",
        "\(highFrequencyFactor) is not above low_freq_factor, \(lowFrequencyFactor)"
      )
    }
    return nil
  }
}
