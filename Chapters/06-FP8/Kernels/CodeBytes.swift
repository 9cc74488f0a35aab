import Foundation
import Tensors

/// Bytes in the memory of a tensor, which is reused from step to step.
///
/// Some bytes more than counted may be read, so that a kernel can take the last few codes with a
/// whole vector.
package struct CodeBytes: Sendable {
  /// The number of bytes.
  package let count: Int
  private let memory: Tensor

  /// Takes memory for a kernel to fill.
  package init(uninitialized count: Int) {
    self.count = count
    memory = Tensor(uninitialized: [(count + 3) / 4 + 8])
  }

  /// The address of the first byte; valid while this value lives.
  package var address: UnsafeRawPointer { UnsafeRawPointer(memory.address) }

  /// The memory before anybody else has seen it.
  package var fresh: UnsafeMutableRawPointer { UnsafeMutableRawPointer(memory.fresh) }

  /// Copies the bytes.
  package var bytes: [UInt8] {
    withExtendedLifetime(memory) {
      [UInt8](UnsafeRawBufferPointer(start: address, count: count))
    }
  }
}

extension CodeBytes: Equatable {
  package static func == (a: CodeBytes, b: CodeBytes) -> Bool {
    withExtendedLifetime((a.memory, b.memory)) {
      a.count == b.count && memcmp(a.address, b.address, a.count) == 0
    }
  }
}
