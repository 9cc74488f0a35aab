import Attention
import MTP
import Tensors

/// Some neighbouring blocks of a language model, with the embedding before the first of them or the
/// head behind the last.
///
/// The prediction modules follow the last block, because they read what it has made. They embed
/// tokens with the first stage's embedding, whose gradient thus comes from both ends of the
/// pipeline. Here both ends share one `Parameter`, and gradients of one parameter are added. On
/// real machines they are copies, unless one rank holds both ends, as with DualPipe in V3 (§3.2.3).
public struct ModelStage: PipelineStage {
  private let embedding: Embedding?
  private let blocks: ArraySlice<Block>
  private let whole: DeepSeekModel?

  fileprivate init(_ model: DeepSeekModel, _ range: Range<Int>) {
    let body = model.language.body
    embedding = range.lowerBound == 0 ? body.embedding : nil
    blocks = body.blocks[range]
    whole = range.upperBound == body.blocks.count ? model : nil
  }

  /// Embeds the tokens, if it is the first; runs its blocks; computes all losses, if it is the last.
  public func callAsFunction(
    _ activation: Variable?, of microBatch: MicroBatch, in pass: Pass
  ) -> Variable {
    var x = activation ?? embed(microBatch, in: pass)
    for block in blocks { x = block(x, in: pass, cache: nil) }
    guard let whole, let batch = microBatch.batch else { return x }
    return whole.loss(
      from: whole.language.body.norm(x), over: batch, in: pass, divisor: microBatch.divisor)
  }

  private func embed(_ microBatch: MicroBatch, in pass: Pass) -> Variable {
    guard let embedding, let batch = microBatch.batch else {
      fatalError("ModelStage: only the first stage reads tokens; the others need an activation")
    }
    return embedding(batch.inputs, on: pass.tape)
  }
}

extension DeepSeekModel {
  /// Cuts the model into stages of nearly equal numbers of blocks; stage i begins at ⌊i · layers /
  /// count⌋.
  public func stages(_ count: Int) throws(PipelineError) -> [ModelStage] {
    let layers = language.body.blocks.count
    guard count > 0, count <= layers else {
      throw .fewerLayers(layers: layers, stages: count)
    }
    return try stages(
      of: (0..<count).map { ($0 + 1) * layers / count - $0 * layers / count })
  }

  /// Cuts the model into stages of so many blocks each.
  ///
  /// The head and the prediction modules cost as much as some blocks, so an even cut leaves the last
  /// rank with the most to do.
  public func stages(of blocks: [Int]) throws(PipelineError) -> [ModelStage] {
    let layers = language.body.blocks.count
    guard blocks.allSatisfy({ $0 > 0 }), blocks.reduce(0, +) == layers else {
      throw .badCut(blocks, layers: layers)
    }
    var first = 0
    return blocks.map { count in
      defer { first += count }
      return ModelStage(self, first..<first + count)
    }
  }
}
