import Dispatch
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite struct `A team of threads` {
  @Test(arguments: [1, 2, 3, 8])
  func `visits every index exactly once`(_ threads: Int) {
    for count in [0, 1, 2, 7, 1000] {
      let visits = Mutex([Int](repeating: 0, count: count))
      Threads.with(threads) {
        Threads.forEachBlock(count, work: .max) { index in visits.withLock { $0[index] += 1 } }
      }
      #expect(visits.withLock { $0.allSatisfy { $0 == 1 } }, "\(count) blocks")
    }
  }

  @Test func `returns values in the order of their indices`() {
    for threads in [1, 3] {
      let squares = Threads.with(threads) { Threads.map(100) { $0 * $0 } }
      #expect(squares == (0..<100).map { $0 * $0 })
    }
  }

  @Test func `stays with the outer loop when loops are nested`() {
    let sums = Threads.with(3) {
      Threads.map(8) { outer in
        // The inner loop runs on the thread of the outer one, hence in order.
        let order = Mutex<[Int]>([])
        Threads.forEachBlock(50, work: .max) { inner in order.withLock { $0.append(inner) } }
        return order.withLock { $0 == Array(0..<50) } ? outer : -1
      }
    }
    #expect(sums == Array(0..<8))
  }

  @Test func `serves several callers at once`() async {
    let (a, b) = (Tensor.test(200, 100), Tensor.test(100, 150, seed: 2))
    let expected = Threads.with(1) { a.matmul(b) }
    let wrong = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          (0..<20).count { _ in Threads.with(2) { a.matmul(b) } != expected }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0)
  }

  @Test func `is as large as asked for`() {
    #expect(Threads.with(3) { Threads.count } == 3)
    #expect(Threads.with(3) { Threads.with(5) { Threads.count } } == 5)
    #expect(Threads.count >= 1)
  }

  @Test func `is counted in a small part of the time of a small job`() {
    // To ask the system takes 10 µs, five times what it takes to hand work over.
    let times = (0..<5).map { _ in
      ContinuousClock().measure { for _ in 0..<1000 where Threads.count < 1 { Issue.record() } }
    }
    #expect(times.min() ?? .zero < .milliseconds(1))
  }

  @Test func `wakes again after it went to sleep`() async throws {
    for _ in 0..<3 {
      let sum = Mutex(0)
      Threads.with(3) {
        Threads.forEachBlock(64, work: .max) { index in sum.withLock { $0 += index } }
      }
      #expect(sum.withLock { $0 } == 2016)
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}
