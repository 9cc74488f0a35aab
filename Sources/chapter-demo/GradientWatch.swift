import Synchronization
import Tensors

/// Products in single precision that remember the gradients of their results.
final class GradientWatch: MatrixProduct {
  private let seen = Mutex<[Tensor]>([])

  /// The gradients seen so far, from the last product to the first.
  var gradients: [Tensor] { seen.withLock { $0 } }

  func linear(_ x: Variable, _ maps: [Linear]) -> [Variable] {
    SinglePrecision().linear(x, maps).map { y in
      y.tape.record("watch", y.value, from: [y]) { upstream in
        self.seen.withLock { $0.append(upstream) }
        return [.now(upstream)]
      }
    }
  }
}
