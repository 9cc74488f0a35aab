extension DecoderConfiguration {
  /// No size of a model comes near this; a file that claims more is broken or hostile.
  static let largestSize = Int(Int32.max)
  /// No model has near as many blocks.
  static let mostLayers = 10_000
  /// No dense model has near as many weights: four trillion.
  static let mostParameters = 1 << 42

  /// Checks that the sizes fit together.
  ///
  /// - Parameter file: The file that an error names.
  public func validate(file: String = "config.json") throws(CheckpointError) {
    try validateSizes(file)
    try validateHeads(file)
    try validateConstants(file)
    try validateTokens(file)
    guard let parameters = parameterCount, parameters <= Self.mostParameters else {
      throw .key(
        "hidden_size", file: file, .outOfRange("the model would have too many weights"))
    }
  }

  /// The number of weights, or `nil` when 64 bits cannot count it.
  ///
  ///     V·d·(1 or 2) + d + L·(2d + 2d·H·h + 2d·H_kv·h + 3d·F + biases)
  ///
  /// The head's V·d counts only when it is not tied, the biases only in Qwen2.
  public var parameterCount: Int? {
    let queries = product(heads, headWidth)
    let keys = product(keyValueHeads, headWidth)
    let attention = product(2, width, sum(queries, keys))
    let biases = hasQueryKeyValueBias ? sum(queries, keys, keys) : 0
    let feedForward = product(3, width, feedForwardWidth)
    let block = sum(attention, biases, feedForward, product(2, width))
    let tables = product(tiesEmbeddings ? 1 : 2, vocabularySize, width)
    return sum(tables, width, product(layers, block))
  }

  private func validateSizes(_ file: String) throws(CheckpointError) {
    let sizes = [
      ("vocab_size", vocabularySize), ("hidden_size", width),
      ("intermediate_size", feedForwardWidth), ("num_attention_heads", heads),
      ("num_key_value_heads", keyValueHeads), ("head_dim", headWidth),
      ("max_position_embeddings", maximumPositions),
    ]
    for (key, size) in sizes where !(1...Self.largestSize).contains(size) {
      throw .key(key, file: file, .outOfRange("\(size) is not in 1...\(Self.largestSize)"))
    }
    guard (1...Self.mostLayers).contains(layers) else {
      let problem = "\(layers) is not in 1...\(Self.mostLayers)"
      throw .key("num_hidden_layers", file: file, .outOfRange(problem))
    }
  }

  private func validateHeads(_ file: String) throws(CheckpointError) {
    guard heads.isMultiple(of: keyValueHeads) else {
      let problem = "\(heads) query heads cannot share \(keyValueHeads) evenly"
      throw .key("num_key_value_heads", file: file, .outOfRange(problem))
    }
    guard headWidth.isMultiple(of: 2) else {
      let problem = "\(headWidth) is odd, but rotary positions turn pairs"
      throw .key("head_dim", file: file, .outOfRange(problem))
    }
  }

  private func validateConstants(_ file: String) throws(CheckpointError) {
    let constants = [
      ("rope_theta", ropeTheta), ("rms_norm_eps", rmsNormEpsilon),
    ]
    for (key, value) in constants where !(value > 0 && value.isFinite) {
      throw .key(key, file: file, .outOfRange("\(value) is not positive"))
    }
    guard (0...1).contains(initializerRange) else {
      let problem = "\(initializerRange) is not in 0...1"
      throw .key("initializer_range", file: file, .outOfRange(problem))
    }
    guard weightFormat.isTensorFormat else {
      throw .key("dtype", file: file, .unsupported(weightFormat.rawValue))
    }
  }

  private func validateTokens(_ file: String) throws(CheckpointError) {
    let tokens =
      [("bos_token_id", beginToken), ("pad_token_id", padToken)]
      + endTokens.map { ("eos_token_id", $0) }
    for (key, token) in tokens {
      guard let token, !(0..<vocabularySize).contains(token) else { continue }
      let problem = "\(token) is not one of the \(vocabularySize) tokens"
      throw .key(key, file: file, .outOfRange(problem))
    }
  }
}

/// The product, or `nil` when a factor is missing or the result does not fit.
private func product(_ factors: Int?...) -> Int? {
  var result = 1
  for factor in factors {
    guard let factor else { return nil }
    let (next, overflows) = result.multipliedReportingOverflow(by: factor)
    guard !overflows else { return nil }
    result = next
  }
  return result
}

/// The sum, or `nil` when a term is missing or the result does not fit.
private func sum(_ terms: Int?...) -> Int? {
  var result = 0
  for term in terms {
    guard let term else { return nil }
    let (next, overflows) = result.addingReportingOverflow(term)
    guard !overflows else { return nil }
    result = next
  }
  return result
}
