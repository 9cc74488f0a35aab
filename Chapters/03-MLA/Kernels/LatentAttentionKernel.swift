import Attention
import Checkpoints
import Tensors

/// Latent attention in its expanded form: chapter 2's kernel, head by head.
///
/// Values are read where the expansion left them. Only the keys of one head at a time are gathered
/// from their two parts.
struct LatentAttentionKernel: Sendable {
  let shape: LatentShape
  let layout: Sequences

  init(_ shape: LatentShape, _ layout: Sequences) {
    self.shape = shape
    self.layout = layout
  }

  private var sequences: Int { layout.count }
  private var length: Int { layout.length }

  private var sizes: LatentAttentionSizes { shape.sizes }
  private var queryRow: Int { shape.heads * shape.keyWidth }
  private var expandedRow: Int { shape.heads * shape.expandedWidth }
  private var outputRow: Int { shape.heads * sizes.valueWidth }

  /// Stops unless the operands have the shapes that the sizes ask for.
  func check(_ queries: [Int], _ expanded: [Int], _ rotaryKey: [Int]) {
    let rows = sequences * length
    insist(
      queries == [rows, queryRow] && expanded == [rows, expandedRow]
        && rotaryKey == [rows, sizes.rotaryWidth],
      "latentAttention: queries \(queries), expanded \(expanded), rotary key \(rotaryKey) "
        + "do not fit \(rows) rows of \(shape)")
  }

  private func one(of sequence: Int) -> HeadKernel {
    HeadKernel(
      length: length, keyWidth: shape.keyWidth, valueWidth: sizes.valueWidth,
      scale: shape.scale, starts: layout.starts(of: sequence))
  }

  // snippet.gather
  /// Lays the keys of a head out in one piece: its own content part, and the part that all share.
  private func gather(
    _ content: UnsafePointer<Float>, _ rotary: UnsafePointer<Float>,
    into keys: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<length {
      let key = keys + row * shape.keyWidth
      key.update(from: content + row * expandedRow, count: sizes.contentWidth)
      (key + sizes.contentWidth).update(
        from: rotary + row * sizes.rotaryWidth, count: sizes.rotaryWidth)
    }
  }
  // snippet.end

  /// Takes the gradient of a head's keys apart again; the shares of the rotary part are summed.
  private func scatter(
    _ keys: UnsafePointer<Float>, to content: UnsafeMutablePointer<Float>,
    _ rotary: UnsafeMutablePointer<Float>, adding: Bool
  ) {
    for row in 0..<length {
      let key = keys + row * shape.keyWidth
      (content + row * expandedRow).update(from: key, count: sizes.contentWidth)
      let (shared, sum) = (key + sizes.contentWidth, rotary + row * sizes.rotaryWidth)
      if adding {
        for c in 0..<sizes.rotaryWidth { sum[c] += shared[c] }
      } else {
        sum.update(from: shared, count: sizes.rotaryWidth)
      }
    }
  }

  /// The output, and for each row and head the logarithm of the sum of its exponentials.
  func forward(
    _ queries: Tensor, _ expanded: Tensor, _ rotaryKey: Tensor
  ) -> (output: Tensor, normalizers: Tensor) {
    let output = Tensor(uninitialized: [sequences * length, outputRow])
    let normalizers = Tensor(uninitialized: [sequences, shape.heads, length])
    nonisolated(unsafe) let (qs, es, rs) = (
      queries.address, expanded.address, rotaryKey.address
    )
    nonisolated(unsafe) let (os, ls) = (output.fresh, normalizers.fresh)
    let widths = shape.keyWidth + sizes.valueWidth
    Threads.forEachBlock(
      sequences * shape.heads, work: sequences * shape.heads * length * length * widths
    ) { index in
      let (sequence, h) = (index / shape.heads, index % shape.heads)
      let first = sequence * length
      let own = es + first * expandedRow + h * shape.expandedWidth
      let keys = Tensor(uninitialized: [length, shape.keyWidth])
      gather(own, rs + first * sizes.rotaryWidth, into: keys.fresh)
      one(of: sequence).forward(
        Head(qs + first * queryRow + h * shape.keyWidth, row: queryRow),
        Head(keys.address, row: shape.keyWidth),
        Head(own + sizes.contentWidth, row: expandedRow),
        into: WritableHead(os + first * outputRow + h * sizes.valueWidth, row: outputRow),
        normalizers: ls + index * length)
      withExtendedLifetime(keys) {}
    }
    withExtendedLifetime((queries, expanded, rotaryKey)) {}
    return (output, normalizers)
  }

  /// The gradients of queries, of the expansion and of the rotary key; heads are summed in order.
  func pullback(
    _ upstream: Tensor, _ output: Tensor, _ normalizers: Tensor, _ queries: Tensor,
    _ expanded: Tensor, _ rotaryKey: Tensor
  ) -> (queries: Tensor, expanded: Tensor, rotaryKey: Tensor) {
    let (dq, de) = (
      Tensor(uninitialized: queries.shape), Tensor(uninitialized: expanded.shape)
    )
    let dr = Tensor(uninitialized: rotaryKey.shape)
    nonisolated(unsafe) let (qs, es, rs) = (
      queries.address, expanded.address, rotaryKey.address
    )
    nonisolated(unsafe) let (os, ls, gs) = (
      output.address, normalizers.address, upstream.address
    )
    nonisolated(unsafe) let (dqs, des, drs) = (dq.fresh, de.fresh, dr.fresh)
    let widths = shape.keyWidth + sizes.valueWidth
    Threads.forEachBlock(
      sequences, work: 5 * sequences * shape.heads * length * length * widths / 2
    ) { sequence in
      let (first, one) = (sequence * length, one(of: sequence))
      let rotary = first * sizes.rotaryWidth
      let keys = Tensor(uninitialized: [2, length, shape.keyWidth])
      let (k, dk) = (keys.fresh, keys.fresh + length * shape.keyWidth)
      for h in 0..<shape.heads {
        let query = first * queryRow + h * shape.keyWidth
        let own = first * expandedRow + h * shape.expandedWidth
        let value = own + sizes.contentWidth
        let result = first * outputRow + h * sizes.valueWidth
        gather(es + own, rs + rotary, into: k)
        one.pullback(
          HeadKernel.Known(
            q: Head(qs + query, row: queryRow), k: Head(k, row: shape.keyWidth),
            v: Head(es + value, row: expandedRow), output: Head(os + result, row: outputRow),
            upstream: Head(gs + result, row: outputRow),
            normalizers: ls + (sequence * shape.heads + h) * length),
          WritableHead(dqs + query, row: queryRow), WritableHead(dk, row: shape.keyWidth),
          WritableHead(des + value, row: expandedRow), adding: false)
        scatter(dk, to: des + own, drs + rotary, adding: h > 0)
      }
      withExtendedLifetime(keys) {}
    }
    withExtendedLifetime((queries, expanded, rotaryKey, upstream, output, normalizers)) {}
    return (dq, de, dr)
  }
}
