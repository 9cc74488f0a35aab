import Attention
import Checkpoints
import MLA
import Tensors

/// The attention of a layer, apart from the cache: what comes before it and what comes behind.
protocol ServedAttention: Sendable {
  /// How the heads look at the cache.
  var heads: CachedHeads { get }
  /// The queries of the new rows, and what the cache is to keep of them.
  func project(_ x: Tensor, _ angles: RotaryTable) -> (queries: Tensor, kept: Tensor)
  /// The output, from what the heads have mixed.
  func finish(_ mixed: Tensor) -> Tensor
  /// The bytes of the weights.
  var byteCount: Int { get }
}

/// Latent attention in its absorbed form, for the first tokens as for the later ones.
///
/// W^UK and W^UV of each head are matrices of their own here, in the companion format: the queries
/// go down to the latents and what was mixed comes up again, and nothing that is kept is expanded.
/// Paper: DeepSeek-V2 §2.1.2.
struct ServedLatentAttention: ServedAttention {
  let heads: CachedHeads
  private let shape: LatentShape
  private let query, queryExpansion: QuantizedMatrix?
  private let queryNorm: Tensor?
  private let compression: QuantizedMatrix
  private let latentNorm: Tensor
  private let absorbing, expanding: [QuantizedMatrix]
  private let output: QuantizedMatrix

  init(_ source: PackingSource, _ sizes: LatentAttentionSizes) throws(CheckpointError) {
    let configuration = source.configuration
    let width = configuration.width
    shape = LatentShape(
      sizes, heads: configuration.heads, scale: Float(configuration.softmaxScale))
    heads = CachedHeads(
      keyHeads: 1, headsPerKey: shape.heads, keyWidth: shape.cachedWidth,
      valueWidth: sizes.keyValueRank, sharesRows: true, scale: shape.scale)
    let queries = shape.heads * shape.keyWidth
    if let rank = sizes.queryRank {
      query = try source.matrix("q_a_proj", rank, width)
      queryNorm = try source.tensor("q_a_layernorm.weight", rank)
      queryExpansion = try source.matrix("q_b_proj", queries, rank)
    } else {
      query = try source.matrix("q_proj", queries, width)
      (queryNorm, queryExpansion) = (nil, nil)
    }
    compression = try source.matrix("kv_a_proj_with_mqa", shape.cachedWidth, width)
    latentNorm = try source.tensor("kv_a_layernorm.weight", sizes.keyValueRank)
    let expanded = shape.heads * shape.expandedWidth
    let expansion = try source.aside.matrix("kv_b_proj", expanded, sizes.keyValueRank).tensor
    (absorbing, expanding) = Self.split(expansion, shape, source)
    output = try source.matrix("o_proj", width, shape.heads * sizes.valueWidth)
  }

  /// W^UK of each head, transposed, and W^UV.
  private static func split(
    _ expansion: Tensor, _ shape: LatentShape, _ source: PackingSource
  ) -> (absorbing: [QuantizedMatrix], expanding: [QuantizedMatrix]) {
    let (content, format) = (shape.sizes.contentWidth, source.format.companion)
    let starts = (0..<shape.heads).map { $0 * shape.expandedWidth }
    return (
      starts.map {
        QuantizedMatrix(
          expansion.rows($0..<$0 + content).permuted([1, 0]), format, in: source.arena)
      },
      starts.map {
        QuantizedMatrix(
          expansion.rows($0 + content..<$0 + shape.expandedWidth), format, in: source.arena)
      }
    )
  }

  func project(_ x: Tensor, _ angles: RotaryTable) -> (queries: Tensor, kept: Tensor) {
    var q = query.map { $0(x) } ?? x
    if let queryNorm, let queryExpansion {
      q = queryExpansion(
        q.rmsNormalized(weight: queryNorm, epsilon: LatentAttention.epsilon).result)
    }
    q = q.rotated(angles, headWidth: shape.keyWidth, backwards: false)
    let kept = compression(x).headNormalized(
      weight: latentNorm, epsilon: LatentAttention.epsilon)
    return (
      absorb(q), kept.rotated(angles, headWidth: shape.cachedWidth, backwards: false)
    )
  }

  /// q̃ = q^C W^UK, with the rotary part behind it.
  private func absorb(_ q: Tensor) -> Tensor {
    let absorbed = Tensor(uninitialized: [q.rows, heads.queryWidth])
    let (rank, content) = (shape.sizes.keyValueRank, shape.sizes.contentWidth)
    forEachHead(absorbing, rows: q.rows) { head, matrix in
      let (from, to) = (head * shape.keyWidth, head * shape.cachedWidth)
      matrix.multiply(q, column: from, into: absorbed, column: to)
      q.copyColumns(from + content..<from + shape.keyWidth, into: absorbed, from: to + rank)
    }
    return absorbed
  }

  /// o = W^O [W^UV õ of each head].
  func finish(_ mixed: Tensor) -> Tensor {
    let values = Tensor(uninitialized: [mixed.rows, shape.heads * shape.sizes.valueWidth])
    forEachHead(expanding, rows: mixed.rows) { head, matrix in
      matrix.multiply(
        mixed, column: head * shape.sizes.keyValueRank, into: values,
        column: head * shape.sizes.valueWidth)
    }
    return output(values)
  }

  /// Runs a body for each head and its matrix, several at once when that pays.
  private func forEachHead(
    _ matrices: [QuantizedMatrix], rows: Int, _ body: @Sendable (Int, QuantizedMatrix) -> Void
  ) {
    let work = matrices.reduce(0) { $0 + $1.work(rows) }
    Threads.forEachBlock(matrices.count, work: work) { body($0, matrices[$0]) }
  }

  var byteCount: Int {
    let matrices = [query, queryExpansion, compression, output].compactMap { $0 }
    return (matrices + absorbing + expanding).reduce(0) { $0 + $1.byteCount }
      + 4 * (latentNorm.count + (queryNorm?.count ?? 0))
  }
}

/// Attention with keys that groups of heads share, as in Llama and Qwen.
struct ServedGroupedAttention: ServedAttention {
  let heads: CachedHeads
  private let query, key, value, output: QuantizedMatrix
  private let biases: [Tensor?]

  init(_ source: PackingSource) throws(CheckpointError) {
    let configuration = source.configuration
    let (width, head) = (configuration.width, configuration.headWidth)
    let (queries, keys) = (configuration.heads * head, configuration.keyValueHeads * head)
    heads = CachedHeads(
      keyHeads: configuration.keyValueHeads,
      headsPerKey: configuration.heads / configuration.keyValueHeads, keyWidth: head,
      valueWidth: head, sharesRows: false, scale: 1 / Float(head).squareRoot())
    query = try source.matrix("q_proj", queries, width)
    key = try source.matrix("k_proj", keys, width)
    value = try source.matrix("v_proj", keys, width)
    output = try source.matrix("o_proj", width, queries)
    biases = [
      try source.optional("q_proj.bias", queries), try source.optional("k_proj.bias", keys),
      try source.optional("v_proj.bias", keys),
    ]
  }

  func project(_ x: Tensor, _ angles: RotaryTable) -> (queries: Tensor, kept: Tensor) {
    var rows = [query(x), key(x), value(x)]
    for (index, bias) in biases.enumerated() {
      if let bias { rows[index].addToRows(bias) }
    }
    let q = rows[0].rotated(angles, backwards: false)
    let k = rows[1].rotated(angles, backwards: false)
    let kept = Tensor(uninitialized: [x.rows, k.columns + rows[2].columns])
    for head in 0..<heads.keyHeads {
      let place = head * (heads.keyWidth + heads.valueWidth)
      let keys = head * heads.keyWidth..<(head + 1) * heads.keyWidth
      let values = head * heads.valueWidth..<(head + 1) * heads.valueWidth
      k.copyColumns(keys, into: kept, from: place)
      rows[2].copyColumns(values, into: kept, from: place + heads.keyWidth)
    }
    return (q, kept)
  }

  func finish(_ mixed: Tensor) -> Tensor { output(mixed) }

  var byteCount: Int {
    [query, key, value, output].reduce(0) { $0 + $1.byteCount }
      + biases.reduce(0) { $0 + 4 * ($1?.count ?? 0) }
  }
}
