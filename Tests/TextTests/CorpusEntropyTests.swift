import Foundation
import Tensors
import Testing
import Text

/// Reads a line of a task back and finds its surprise from the letters alone.
private func surprise(ofLine line: Substring) -> Double? {
  guard let answer = line.range(of: " A: ") else { return nil }
  let question = line[..<answer.lowerBound].dropFirst(3)
  let think = question.range(of: " think: ")
  let prompt = think.map { question[..<$0.lowerBound] } ?? question

  if prompt.hasPrefix("out ") { return programSurprise(prompt.dropFirst(4)) }
  let numbers = prompt.split { !$0.isNumber }
  let size = numbers[0].count
  let (weight, questions, hasSteps): (Int, Double, Bool)
  switch prompt.first {
  case "p": (weight, questions, hasSteps) = (2, pow(2, Double(size)), true)
  case "s", "c", "r": (weight, questions, hasSteps) = (2, pow(10, Double(size)), false)
  default:
    let count = size == 1 ? 10 : 9 * pow(10, Double(size - 1))
    if prompt.hasSuffix("+") {
      (weight, questions, hasSteps) = (size == 8 ? 2 : 3, pow(10, Double(size)), true)
    } else if prompt.contains("+") {
      (weight, questions, hasSteps) = (size == 2 ? 8 : 4, count * count, true)
    } else if prompt.contains("*") {
      (weight, questions, hasSteps) = (4, count * count, size == 2)
    } else {
      (weight, questions, hasSteps) = (4, 90 * 8, true)
    }
  }
  guard hasSteps || think == nil else { return nil }
  return log2(48.0 / Double(weight)) + log2(questions) + (hasSteps ? 1 : 0)
}

private func programSurprise(_ prompt: Substring) -> Double? {
  let parts = prompt.split(separator: " x=")
  guard let program = try? Program(parsing: String(parts[0])) else { return nil }
  var bits = log2(4.0) + log2(10.0) + 1
  for (place, statement) in program.statements.enumerated() {
    let list = ProgramSource.statements(at: place)
    guard let found = list.first(where: { $0.statement == statement }) else { return nil }
    bits += log2(Double(list.map(\.weight).reduce(0, +)) / Double(found.weight))
  }
  return bits
}

@Suite struct `The entropy of the built-in corpus` {
  @Test func `is the mean surprise of sampled documents, and so is their length`() {
    var generator = SplitMix64(seed: 2024)
    var (bits, bytes) = (Moments(), Moments())
    var ofKind = Document.Kind.allCases.map { _ in (bits: Moments(), bytes: Moments()) }
    var counts = [0, 0, 0]
    for _ in 0..<20_000 {
      let document = DocumentSource.document(using: &generator)
      bits.add(document.bits)
      bytes.add(Double(document.text.utf8.count))
      let kind = Document.Kind.allCases.firstIndex(of: document.kind) ?? 0
      ofKind[kind].bits.add(document.bits)
      ofKind[kind].bytes.add(Double(document.text.utf8.count))
      counts[kind] += 1
    }
    bits.expect(DocumentSource.rate.bits, "bits of a document")
    bytes.expect(DocumentSource.rate.bytes, "bytes of a document")
    for (index, kind) in Document.Kind.allCases.enumerated() {
      let weight = [5, 3, 2][index]
      let rate = DocumentSource.rate(of: kind)
      ofKind[index].bytes.expect(rate.bytes, "bytes of \(kind)")
      // Inside the mixture a document also pays for its sort.
      ofKind[index].bits.expect(rate.bits + log2(10.0 / Double(weight)), "bits of \(kind)")
      #expect(abs(counts[index] - 2_000 * weight) < 4 * 71)
    }
  }

  @Test(arguments: [Document.Kind.tasks, .programs])
  func `of tasks follows from the letters alone`(kind: Document.Kind) throws {
    var generator = SplitMix64(seed: 77)
    for _ in 0..<500 {
      let document = DocumentSource.document(kind, using: &generator)
      #expect(document.text.hasSuffix("\n\n"))
      let lines = document.text.dropLast(2).split(
        separator: "\n", omittingEmptySubsequences: false)
      let allowed = kind == .tasks ? 6...10 : 3...6
      #expect(allowed.contains(lines.count))
      var bits = log2(Double(allowed.count))
      for line in lines {
        bits += try #require(surprise(ofLine: line), "this line cannot be read back: \(line)")
      }
      #expect(abs(bits - document.bits) < 1e-9)
    }
  }

  @Test func `turns into nats by the logarithm of two`() {
    // Ten fair coins in twenty bytes: half a bit, 0.3466 nats, a byte.
    #expect(abs(EntropyRate(bits: 10, bytes: 20).natsPerByte - 0.346_573_590_279_97) < 1e-12)
  }

  @Test func `lies far below that of its single letters`() {
    let text = Corpus.builtIn(bytes: 200_000, validationBytes: 1, seed: 5).training
    var counts = [Int](repeating: 0, count: 256)
    for byte in text.utf8 { counts[Int(byte)] += 1 }
    let letters = EntropyRate.entropy(ofWeights: counts) * log(2)
    let floor = DocumentSource.rate.natsPerByte
    #expect(floor > 0.1 && floor < letters / 4)
  }
}
