import Tensors
import Testing
import Text

@Suite struct `A program` {
  @Test func `runs as by hand`() throws {
    let program = try Program(parsing: "a=x+3;b=a*2;rb")
    #expect(program.run(x: 4) == 14)
    #expect(program.trace(x: 4) == "a=4+3=7;b=7*2=14")
    // 3 − 5 wraps to 98; 98 · 98 = 9604; the larger of 4 and 98; an unset register is 0.
    let wrap = try Program(parsing: "a=3-5;b=a*a;c=bma;d=c+a;rd")
    #expect(wrap.trace(x: 0) == "a=3-5=98;b=98*98=4;c=4m98=98;d=98+98=96")
    #expect(wrap.run(x: 0) == 96)
    #expect(try Program(parsing: "a=x+d;rc").run(x: 9) == 0)
  }

  @Test func `takes any input modulo a hundred`() throws {
    let program = try Program(parsing: "a=x+0;ra")
    #expect(program.run(x: 123) == 23)
    #expect(program.run(x: -1) == 99)
    #expect(program.run(x: .min) == program.run(x: Int.min % 100 + 100))
    #expect((0..<100).contains(program.run(x: .max)))
  }

  @Test func `knows whether its input matters`() throws {
    #expect(try Program(parsing: "a=x+3;ra").dependsOnInput)
    #expect(try !Program(parsing: "a=x-x;ra").dependsOnInput)
    #expect(try !Program(parsing: "a=x+3;rb").dependsOnInput)
    #expect(try Program(parsing: "a=xm8;ra").dependsOnInput, "only x = 9 tells")
  }

  @Test func `has one canonical form however its registers are called`() throws {
    let one = try Program(parsing: "d=x+3;b=d*2;d=b-d;rd")
    let other = try Program(parsing: "a=x+3;c=a*2;a=c-a;ra")
    #expect("\(one.canonical)" == "a=x+3;b=a*2;a=b-a;ra")
    #expect(one.canonical == other.canonical)
    #expect(one.canonical.canonical == one.canonical)
    // An operand that is read before it is written takes its name first.
    #expect("\(try Program(parsing: "b=c+x;rb").canonical)" == "b=a+x;rb")
    let different = try Program(parsing: "a=x+3;b=a*2;b=a-b;rb")
    #expect(different.canonical != one.canonical)
  }

  @Test func `keeps its result under renaming and its text under parsing`() throws {
    var generator = SplitMix64(seed: 2)
    for size in 1...6 {
      for _ in 0..<40 {
        let item = TaskSource.item(.output, size: size, using: &generator)
        let words = item.prompt.split(separator: " ")
        let program = try Program(parsing: String(words[1]))
        #expect("\(program)" == words[1])
        #expect(program.statements.count == size)
        for x in 0..<10 { #expect(program.canonical.run(x: x) == program.run(x: x)) }
        #expect(item.steps?.split(separator: "=").last.map(String.init) == item.answer)
      }
    }
  }

  @Test(arguments: [
    ("", "The program has the end at byte 0 where a register, a to d, must stand."),
    ("ra", "The program has 'r' at byte 0 where a register, a to d, must stand."),
    ("e=1+2;re", "The program has 'e' at byte 0 where a register, a to d, must stand."),
    ("a:1+2;ra", "The program has ':' at byte 1 where '=' must stand."),
    ("a=y+2;ra", "The program has 'y' at byte 2 where an operand must stand."),
    ("a=1/2;ra", "The program has '/' at byte 3 where one of + - * m must stand."),
    ("a=1+;ra", "The program has ';' at byte 4 where an operand must stand."),
    ("a=1+22;ra", "The program has '2' at byte 5 where ';' must stand."),
    ("a=1+2", "The program has the end at byte 5 where ';' must stand."),
    ("a=1+2;r", "The program has the end at byte 7 where a register, a to d, must stand."),
    ("a=1+2;ra ", "The program has byte 32 at byte 8 where the end must stand."),
    ("a=é+2;ra", "The program has byte 195 at byte 2 where an operand must stand."),
  ]) func `that breaks a rule is refused with the place`(text: String, sentence: String) {
    let error = #expect(throws: ProgramError.self) { try Program(parsing: text) }
    #expect(error?.description == sentence)
  }

  @Test func `may be long but not too long`() throws {
    let limit = Program.statementLimit
    let long = String(repeating: "a=a+1;", count: limit)
    #expect(try Program(parsing: long + "ra").run(x: 0) == limit % 100)
    #expect(throws: ProgramError.tooLong(limit: limit)) {
      try Program(parsing: long + "a=a+1;ra")
    }
    #expect(throws: ProgramError.tooLong(limit: limit)) {
      try Program(parsing: String(repeating: "a=a+1;", count: 100_000))
    }
    #expect(throws: ProgramError.self) { try Program(parsing: long + "ra more and more") }
  }

  @Test func `made of noise never traps`() {
    var generator = SplitMix64(seed: 9)
    let letters = Array("aabbcdx019=+-*m;;r r\u{0}é")
    var accepted = 0
    for _ in 0..<5_000 {
      var text = "a=x+3;b=a*2;rb"
      for _ in 0..<Draw.below(4, using: &generator) {
        let at = text.index(
          text.startIndex, offsetBy: Draw.below(text.count, using: &generator))
        let letter = letters[Draw.below(letters.count, using: &generator)]
        text.replaceSubrange(at...at, with: String(letter))
      }
      guard let program = try? Program(parsing: text) else { continue }
      accepted += 1
      #expect("\(program)" == text)
      #expect((0..<100).contains(program.run(x: 7)))
    }
    #expect((1_000..<4_500).contains(accepted))
  }
}
