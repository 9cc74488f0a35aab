import Tensors
import Text

/// A decoder: tokens to vectors, a stack of blocks, and vectors to logits.
public struct LanguageModel: Module {
  /// The stack without its head.
  public struct Body: Module {
    package let embedding: Embedding
    package let blocks: [Block]
    package let norm: RMSNorm

    /// Joins the parts.
    public init(embedding: Embedding, blocks: [Block], norm: RMSNorm) {
      self.embedding = embedding
      self.blocks = blocks
      self.norm = norm
    }

    /// The weights under their checkpoint names.
    public var parts: KeyValuePairs<String, any Part> {
      ["embed_tokens": embedding, "layers": blocks, "norm": norm]
    }
  }

  package let body: Body
  package let head: Linear?

  /// Joins a body and a head; without a head the embedding serves as one.
  public init(body: Body, head: Linear?) {
    self.body = body
    self.head = head
  }

  /// The weights under their checkpoint names.
  public var parts: KeyValuePairs<String, any Part> { ["model": body, "lm_head": head] }

  /// The number of tokens that it knows.
  public var vocabularySize: Int { body.embedding.weight.shape[0] }

  /// The matrix that turns a hidden row into logits.
  public var headWeight: Parameter { head?.weight ?? body.embedding.weight }

  // snippet.hidden
  /// The normalised vector of each position, from which the head reads the next token.
  /// - Shape: tokens [rows] → [rows, width]
  public func hidden(_ tokens: [Int], in pass: Pass, cache: ModelCache? = nil) -> Variable {
    insist(
      tokens.count == pass.sequences.rows,
      "LanguageModel: \(tokens.count) tokens for \(pass.sequences.rows) rows")
    var x = body.embedding(tokens, on: pass.tape)
    for (index, block) in body.blocks.enumerated() {
      x = block(x, in: pass, cache: cache?.layers[index])
    }
    return body.norm(x)
  }
  // snippet.end

  // snippet.loss
  /// The mean cross-entropy of a batch's targets, in nats.
  /// - Parameter divisor: the number of targets of the whole batch, of which this may be a shard.
  public func loss(of batch: Batch, in pass: Pass, divisor: Int) -> Variable {
    hidden(batch.inputs, in: pass)
      .crossEntropy(head: pass.tape[headWeight], targets: batch.targets, divisor: divisor)
  }
  // snippet.end

  /// The logits of the next token at each position.
  /// - Shape: tokens [rows] → [rows, vocabulary]
  public func logits(_ tokens: [Int], in pass: Pass, cache: ModelCache? = nil) -> Variable {
    hidden(tokens, in: pass, cache: cache).matmul(pass.tape[headWeight], transposing: .right)
  }

  /// Lets every layer learn from what a whole step observed.
  public func adapt(to observations: Observations, _ coefficients: Coefficients) {
    for block in body.blocks { block.feedForward.adapt(to: observations, coefficients) }
  }

  /// An empty cache for some sequences.
  public func makeCache(sequences: Int) -> ModelCache {
    ModelCache(layers: body.blocks.map { $0.attention.makeCache(sequences: sequences) })
  }
}

/// A vector for each token.
public struct Embedding: Module {
  /// One row for each token.
  public let weight: Parameter

  /// Creates normally distributed vectors.
  public init(
    vocabulary: Int, width: Int, deviation: Float,
    using generator: inout some RandomNumberGenerator
  ) {
    weight = Parameter(
      .normal(shape: [vocabulary, width], deviation: deviation, using: &generator))
  }

  /// The vectors under their checkpoint name.
  public var parts: KeyValuePairs<String, any Part> { ["weight": weight] }

  /// The vectors of some tokens.
  /// - Shape: [rows] → [rows, width]
  public func callAsFunction(_ tokens: [Int], on tape: Tape) -> Variable {
    tape[weight].gathered(at: tokens)
  }
}

/// The caches of all layers of a model.
public final class ModelCache {
  /// One cache for each block.
  public let layers: [any AttentionCache]

  init(layers: [any AttentionCache]) { self.layers = layers }

  /// The number of tokens kept of each sequence.
  public var lengths: [Int] { layers.first?.lengths ?? [] }

  /// The numbers kept for one token by all layers.
  public var numbersPerToken: Int { layers.reduce(0) { $0 + $1.numbersPerToken } }

  /// Forgets all but the first tokens of one sequence.
  public func truncate(sequence: Int, to length: Int) {
    for layer in layers { layer.truncate(sequence: sequence, to: length) }
  }

  /// Keeps the sequences named, in that order; one may be named twice and is copied then.
  public func select(_ sequences: [Int]) {
    for layer in layers { layer.select(sequences) }
  }

  /// Takes over the sequences of another cache of the same model, behind its own.
  public func absorb(_ other: ModelCache) {
    for (layer, theirs) in zip(layers, other.layers) { layer.absorb(theirs) }
  }
}
