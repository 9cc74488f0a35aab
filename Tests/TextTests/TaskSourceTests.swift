import Foundation
import Tensors
import Testing
import Text

@Suite struct `The source of tasks` {
  @Test(arguments: [1, 2]) func `knows the mean length of additions exactly`(digits: Int) {
    let numbers = TaskSource.numbers(digits: digits)
    var (plain, worked) = (0, 0)
    for left in numbers {
      for right in numbers {
        let item = TaskItem.addition(left, right)
        plain += item.line(worked: false).utf8.count
        worked += item.line(worked: true).utf8.count
      }
    }
    let mean = Double(plain + worked) / Double(2 * numbers.count * numbers.count)
    let rate = TaskSource.rate(.addition, size: digits)
    #expect(abs(rate.bytes - mean) < 1e-9)
    // Two numbers, and one bit that says whether the steps are shown.
    #expect(abs(rate.bits - (2 * log2(Double(numbers.count)) + 1)) < 1e-12)
  }

  @Test(arguments: [1, 2]) func `knows entropy and mean length of programs exactly`(size: Int) {
    var texts: [(text: String, chance: Double)] = [("", 1)]
    for place in 0..<size {
      let list = ProgramSource.statements(at: place)
      let total = Double(list.map(\.weight).reduce(0, +))
      texts = texts.flatMap { head in
        list.map { ("\(head.text)\($0.statement);", head.chance * Double($0.weight) / total) }
      }
    }
    #expect(Set(texts.map(\.text)).count == texts.count)
    var (bits, bytes) = (1 + log2(10.0), 0.0)
    for (text, chance) in texts {
      bits -= chance * log2(chance)
      guard let program = try? Program(parsing: "\(text)r\(["a", "b"][size - 1])") else {
        Issue.record("\(text) must be a program")
        continue
      }
      for x in 0..<10 {
        let item = TaskItem.output(of: program, x: x)
        let plain = item.line(worked: false).utf8.count
        let worked = item.line(worked: true).utf8.count
        bytes += chance / 20 * Double(plain + worked)
      }
    }
    let rate = TaskSource.rate(.output, size: size)
    #expect(abs(rate.bits - bits) < 1e-9)
    #expect(abs(rate.bytes - bytes) < 1e-9)
  }

  @Test(arguments: [3, 4, 5, 6]) func `agrees with sampled programs that use two registers`(
    size: Int
  ) {
    var generator = SplitMix64(seed: UInt64(size))
    var lengths = Moments()
    for _ in 0..<4_000 {
      let item = TaskSource.item(.output, size: size, using: &generator)
      lengths.add(
        Double(item.line(worked: true).utf8.count + item.line(worked: false).utf8.count) / 2)
    }
    lengths.expect(TaskSource.rate(.output, size: size).bytes, "bytes of \(size) statements")
  }

  @Test func `offers at every place statements that print differently`() {
    for place in 0..<6 {
      let texts = ProgramSource.statements(at: place).map { "\($0.statement)" }
      #expect(Set(texts).count == texts.count)
    }
  }
}
