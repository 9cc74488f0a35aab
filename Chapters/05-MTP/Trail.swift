import Attention
import Tensors

/// The newest rows of one depth's output, numbered by their positions in the text.
struct Trail {
  private var first = 0
  private var rows: [[Float]] = []

  /// Adds the rows that follow.
  mutating func append(_ output: Tensor) {
    for row in 0..<output.rows { rows.append(output.row(row).scalars) }
  }

  /// The rows from a position on.
  func rows(from position: Int) -> Tensor {
    let kept = rows[(position - first)...]
    return Tensor(Array(kept.joined()), shape: [kept.count, kept.first?.count ?? 0])
  }

  /// Forgets the rows before a position.
  mutating func drop(before position: Int) {
    let count = min(max(0, position - first), rows.count)
    rows.removeFirst(count)
    first += count
  }

  /// Forgets the rows from a position on.
  mutating func drop(from position: Int) {
    rows.removeLast(min(max(0, first + rows.count - position), rows.count))
  }
}

extension Tensor {
  /// One row, as a tensor of one row.
  func row(_ index: Int) -> Tensor { rows(index..<index + 1) }
  /// The last row, as a tensor of one row.
  var lastRow: Tensor { row(rows - 1) }
}

extension LanguageModel {
  /// Reads the tokens that follow in the text of a cache.
  /// - Shape: [tokens] → [tokens, width]
  package func read(_ tokens: [Int], cache: ModelCache) -> Tensor {
    let sequences = Sequences(count: 1, length: tokens.count, offsets: cache.lengths)
    let pass = Pass(sequences, on: Tape(recording: false))
    return hidden(tokens, in: pass, cache: cache).value
  }

  /// The logits that the head reads from one hidden row.
  package func logits(of hidden: Tensor) -> [Float] {
    hidden.matmul(headWeight.value, transposing: .right).scalars
  }
}

extension PredictionModule {
  /// Makes an empty cache for some sequences.
  package func makeCache(sequences: Int) -> any AttentionCache {
    block.attention.makeCache(sequences: sequences)
  }

  /// Reads the rows that follow in the text of a cache, each with its token.
  /// - Shape: hidden [rows, width], tokens [rows] → [rows, width]
  package func read(
    _ hidden: Tensor, with tokens: [Int], cache: any AttentionCache
  ) -> Tensor {
    let sequences = Sequences(count: 1, length: tokens.count, offsets: cache.lengths)
    let pass = Pass(sequences, on: Tape(recording: false))
    return self(pass.tape.constant(hidden), with: tokens, in: pass, cache: cache).value
  }
}
