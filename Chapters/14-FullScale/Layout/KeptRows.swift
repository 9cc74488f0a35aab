import Checkpoints

/// Something that a block keeps of a token from its forward to its backward pass.
public struct KeptRow: Sendable, Equatable {
  /// What it is.
  public let name: String
  /// How many numbers.
  public let numbers: Int
  /// The bytes of one.
  public let width: Double
  /// What must be computed again if it is not kept; nothing if it must be kept.
  public let spared: Recomputation

  /// The bytes of one token.
  public var bytes: Double { Double(numbers) * width }
}

extension DecoderConfiguration {
  // snippet.kept
  /// What a block keeps of each token for its backward pass, when nothing is computed again.
  ///
  /// The rows of an expert are counted on its own card: with an even load a card gets as many as
  /// it sends, one for each expert that a token visits.
  public func keptRows(_ layer: Int, _ formats: NumberFormats) -> [KeptRow] {
    var rows: [KeptRow] = []
    func keep(_ name: String, _ numbers: Int, _ width: Double, _ spared: Recomputation = []) {
      rows.append(KeptRow(name: name, numbers: numbers, width: width, spared: spared))
    }
    keep("block's input", width, formats.rows)
    keep("its norm", width, formats.input, .norms)
    if let latent = latentAttention {
      let queries = heads * (latent.contentWidth + latent.rotaryWidth)
      let latents = (latent.queryRank ?? 0) + latent.keyValueRank + latent.rotaryWidth
      keep("latents", latents, formats.rows)
      keep("norms of latents", latents - latent.rotaryWidth, formats.input, .norms)
      keep("queries", queries, formats.rows, .expansions)
      keep(
        "keys and values", heads * (latent.contentWidth + latent.valueWidth), formats.rows,
        .expansions)
      keep("attention's output", heads * latent.valueWidth, formats.attentionOutput)
    } else {
      keep("queries, keys, values", (heads + 2 * keyValueHeads) * headWidth, formats.rows)
      keep("attention's output", heads * headWidth, formats.attentionOutput)
    }
    keep("normalizers", heads, 4)
    keep("feed-forward's input", width, formats.rows)
    keep("its norm", width, formats.input, .norms)
    if let experts, experts.isExpertLayer(layer) {
      let visited = experts.active + experts.shared
      keep("affinities", experts.count, 4)
      keep("rows at experts", experts.active * width, formats.input)
      keep("gates and ups", visited * 2 * experts.width, formats.input)
      keep("SwiGLU's output", visited * experts.width, formats.input, .swiGLU)
    } else {
      keep("gate and up", 2 * feedForwardWidth, formats.input)
      keep("SwiGLU's output", feedForwardWidth, formats.input, .swiGLU)
    }
    return rows
  }
  // snippet.end

  /// The bytes that a block keeps of each token.
  public func keptBytes(
    _ layer: Int, _ formats: NumberFormats, _ recomputed: Recomputation
  ) -> Double {
    keptRows(layer, formats).reduce(0) { sum, row in
      let isSpared = !row.spared.isEmpty && recomputed.isSuperset(of: row.spared)
      return sum + (isSpared ? 0 : row.bytes)
    }
  }
}
