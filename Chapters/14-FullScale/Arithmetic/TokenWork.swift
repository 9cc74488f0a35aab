import Checkpoints

/// What one token costs in floating-point operations, by where they are spent.
public struct TokenWork: Sendable, Equatable {
  /// Products with matrices of weights.
  public let weights: Int
  /// Products of queries with keys, and of their shares with values.
  public let attention: Int

  /// Both.
  public var total: Int { weights + attention }

  /// How the scores of attention are counted.
  public enum Count: Sendable, CaseIterable {
    /// Only those that are used: half of the square on average.
    case causal
    /// All of the square, as frameworks that compute it do.
    case square
  }

  /// How attention meets a cache.
  public enum Form: Sendable, CaseIterable {
    /// Latents are attended to as they are.
    case absorbed
    /// A key and a value of every head is there, whether kept or made anew.
    case expanded
  }
}

extension DecoderConfiguration {
  // snippet.training
  /// What one token costs in training: each weight is multiplied and added once forward and twice
  /// backward, and so are scores and shares.
  ///
  ///     6 · weights + 6 · layers · keys · heads · (key width + value width)
  ///
  /// with context / 2 keys a token if only those that are used count, and else all.
  /// - Returns: nil if 64 bits cannot count it.
  public func trainingWork(
    context: Int, _ count: TokenWork.Count = .causal, predicting: Bool = false
  ) -> TokenWork? {
    guard let census = ModelCensus(self) else { return nil }
    guard let causal = trainingFLOPs(context: context, predicting: predicting) else {
      return nil
    }
    let weights =
      6 * (census.multiplied + (predicting ? census.multipliedInPrediction : 0))
    let attention = causal - weights
    return TokenWork(
      weights: weights, attention: count == .causal ? attention : 2 * attention)
  }
  // snippet.end

  /// What one token of a prompt costs: a third of what it costs in training.
  public func promptWork(context: Int) -> TokenWork? {
    trainingWork(context: context).map {
      TokenWork(weights: $0.weights / 3, attention: $0.attention / 3)
    }
  }

  /// What one further token costs when some are in the cache.
  ///
  ///     2 · weights + 2 · layers · heads · cached · (what a key is wide + what a value is wide)
  ///
  /// The absorbed form has one key of 512 + 64 and one value of 512 for all heads, but each head
  /// has a query as wide as that: 278 528 operations a layer and cached token for V3, against
  /// 81 920 of the expanded form.
  public func decodingWork(
    cached: Int, _ form: TokenWork.Form = .absorbed
  ) -> TokenWork? {
    guard let census = ModelCensus(self) else { return nil }
    let widths =
      switch (latentAttention, form) {
      case (nil, _): 2 * headWidth
      case (let latent?, .absorbed): 2 * latent.keyValueRank + latent.rotaryWidth
      case (let latent?, .expanded):
        latent.contentWidth + latent.rotaryWidth + latent.valueWidth
      }
    let (attention, overflows) = (2 * layers * heads * widths).multipliedReportingOverflow(
      by: cached)
    guard !overflows else { return nil }
    return TokenWork(weights: 2 * census.multiplied, attention: attention)
  }

  /// The count of table 2's dense rows, which knows neither attention nor shared key heads.
  ///
  ///     6 · (12 · layers · width² + vocabulary · width)
  ///
  /// The hardware paper gives no formula; this one meets both rows.
  public var textbookTrainingWork: Int {
    6 * (12 * layers * width * width + vocabularySize * width)
  }
}
