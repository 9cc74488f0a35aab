import Attention
import CodeModels
import RL
import Tensors
import Testing
import Text

@Suite struct `Holes in programs` {
  private let alphabet = CodeAlphabet.standard
  private let sampler = ProgramSampler(lengths: 1...3)

  @Test func `a document tells a program, an input and what happened`() throws {
    let program = try Program(parsing: "a=x+3;b=a*2;rb")
    #expect(TracedProgram.text(of: program, x: 4) == "a=x+3;b=a*2;rb x=4:a=4+3=7;b=7*2=14")
  }

  @Test func `a source at the rate 0 is ordinary training`() throws {
    var source = MiddleSource(sampler, rate: 0, budget: 400, seed: 1)
    for _ in 0..<40 {
      let text = source.text()
      #expect(text.isScored == [false] + text.tokens.dropFirst().map { _ in true })
      let document = alphabet.tokenizer.decode(text.tokens.dropFirst().dropLast())
      let program = try Program(parsing: String(document.split(separator: " ")[0]))
      #expect(!program.isHeldOut)
      let x = try #require(document.split(separator: "=").count > 1 ? x(in: document) : nil)
      #expect(TracedProgram.text(of: program, x: x) == document)
    }
  }

  private func x(in document: String) -> Int? {
    document.split(separator: " ").last?.dropFirst(2).first?.wholeNumberValue
  }

  @Test func `a source at the rate 1 tells the same documents in another order`() throws {
    var source = MiddleSource(sampler, rate: 1, budget: 400, seed: 1)
    let transform = alphabet.fillInTheMiddle(rate: 1)
    for _ in 0..<40 {
      let text = source.text()
      #expect(
        text.tokens.first == alphabet.tasks.begin && text.tokens.last == alphabet.tasks.end)
      let told = Array(text.tokens.dropFirst().dropLast())
      let document = alphabet.tokenizer.decode(try #require(transform.reassembled(told)))
      let program = try Program(parsing: String(document.split(separator: " ")[0]))
      #expect(try TracedProgram.text(of: program, x: #require(x(in: document))) == document)
    }
  }

  @Test(arguments: [MiddleExamination.Place.programs, .documents])
  func `an examination has holes of 1 to 10 characters in programs never seen`(
    place: MiddleExamination.Place
  ) throws {
    let examination = MiddleExamination(sampler, place, count: 300, seed: 1)
    #expect(examination.holes.count == 300)
    #expect(Set(examination.holes.map(\.middle.count)) == Set(1...10))
    let transform = alphabet.fillInTheMiddle(rate: 1)
    var inTraces = 0
    for hole in examination.holes {
      let sides = Array(examination.sides(of: hole).dropFirst())
      #expect(transform.reassembled(sides + hole.answer) == hole.document)
      let front = examination.front(of: hole)
      #expect(hole.document.starts(with: front.dropFirst() + hole.answer))
      let text = alphabet.tokenizer.decode(hole.document)
      let code = String(text.split(separator: " ")[0])
      #expect(try Program(parsing: code).isHeldOut)
      if hole.middle.upperBound > code.utf8.count { inTraces += 1 }
    }
    #expect(place == .programs ? inTraces == 0 : (100..<240).contains(inTraces))
  }

  @Test func `a fresh model fills nothing, and its loss is that of guessing`() {
    let examination = MiddleExamination(sampler, .documents, count: 20, seed: 1)
    let model = CodeReader.sizes.narrow.fresh
    #expect(examination.filled(by: model.language).filter { $0 }.isEmpty)
    #expect(examination.continued(by: model.language).count == 20)
    let guess = Double(alphabet.tokenizer.vocabularySize).logarithm
    #expect(abs(examination.loss(of: model) - guess) < 0.5)
  }
}
