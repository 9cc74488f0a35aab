import CodeModels
import Tensors
import Testing
import Text

@Suite struct `Questions about programs` {
  private let program: Program
  private let broken: Program

  init() throws {
    program = try Program(parsing: "a=x+3;b=a*2;rb")
    broken = try Program(parsing: "a=x+3;b=a*3;rb")
  }

  @Test func `by hand: what comes out`() {
    let problem = ProgramProblem(.output, of: program, x: 4)
    #expect(problem.prompt == "out a=x+3;b=a*2;rb x=4")
    #expect(problem.steps == "a=4+3=7;b=7*2=14")
    #expect(problem.answer == "14")
  }

  @Test func `by hand: what was put in`() throws {
    let problem = ProgramProblem(.input, of: program, x: 2)
    #expect(problem.prompt == "in a=x+3;b=a*2;rb o=10")
    #expect(problem.steps == "0:3,6;1:4,8;2:5,10")
    #expect(problem.answer == "2")
    // Several inputs give 8; the search stops at the first.
    let flat = try Program(parsing: "a=xm8;ra")
    let any = ProgramProblem(.input, of: flat, x: 5)
    #expect(any.steps == "0:8" && any.answer == "0")
  }

  @Test func `by hand: which program was meant`() {
    let problem = ProgramProblem(repairing: broken, into: program, examples: [0, 4, 7])
    #expect(problem.prompt == "fix a=x+3;b=a*3;rb 0>6;4>14;7>20")
    #expect(problem.steps == "b=a*3>b=a*2")
    #expect(problem.answer == "a=x+3;b=a*2;rb")
  }

  @Test func `by hand: what happened, in words`() {
    let problem = ProgramProblem(.explanation, of: program, x: 4)
    #expect(problem.prompt == "say a=x+3;b=a*2;rb x=4")
    #expect(problem.steps == nil)
    #expect(problem.answer == "a is 4 plus 3, 7; b is 7 times 2, 14; so 14")
  }

  // snippet.judged
  @Test func `an answer is judged by what it does`() throws {
    let output = ProgramProblem(.output, of: program, x: 4)
    #expect(output.judge("14") == .success && output.judge("15") == .wrong)
    let input = ProgramProblem(.input, of: try Program(parsing: "a=xm8;ra"), x: 5)
    for x in ["0", "5", "8", "08"] { #expect(input.judge(x) == .success, "\(x) works too") }
    #expect(input.judge("9") == .wrong)
    // 50 + 3 = 53, doubled 106, modulo 100 the wanted 6: an input of two digits may work as well.
    let wide = ProgramProblem(.input, of: program, x: 0)
    #expect(wide.judge("50") == .success)
  }
  // snippet.end

  @Test func `a mended program is run, on more than the examples`() throws {
    // The larger of 14 and a gives 14 and 20 as wanted, but not for the other inputs.
    let problem = ProgramProblem(repairing: broken, into: program, examples: [0, 4])
    #expect(problem.judge("a=x+3;b=a*2;rb") == .success)
    #expect(problem.judge("c=x+3;d=c+c;rd") == .success, "another text that does the same")
    #expect(problem.judge("a=x+3;b=a*3;rb") == .wrong, "the bug itself")
    let fits = "a=x*2;b=a+6;rb"
    #expect(problem.judge(fits) == .success)
    let byChance = try Program(parsing: "a=x+2;b=a*1;c=b*x;d=c*1;a=6m8;rd")
    #expect(problem.judge("\(byChance)") == .timeout, "more than twice the statements")
    let thin = try Program(parsing: "a=x+x;b=6+a;c=b+0;a=a*0;rc")
    #expect(problem.judge("\(thin)") == .success)
    // Right on both examples, x² − 2x + 6 is 2x + 6 nowhere else.
    let table = try Program(parsing: "a=x*x;b=x+x;c=a-b;d=c+6;rd")
    #expect([0, 4].map { table.run(x: $0) } == [0, 4].map { program.run(x: $0) })
    #expect(problem.judge("\(table)") == .wrong)
  }

  @Test(arguments: ["", "x", "1 4", "-1", "100", "14;", "١٤"])
  func `a number that is none is an exception`(text: String) {
    #expect(ProgramProblem(.output, of: program, x: 4).judge(text) == .exception)
    #expect(ProgramProblem(.input, of: program, x: 4).judge(text) == .exception)
  }

  @Test func `a program that breaks the grammar is an exception, an endless one times out`() {
    let problem = ProgramProblem(repairing: broken, into: program, examples: [4])
    #expect(problem.judge("a=x+3;b=a*;rb") == .exception)
    #expect(problem.judge("") == .exception)
    let endless = String(repeating: "a=a+1;", count: 100_000)
    #expect(problem.judge(endless) == .timeout)
  }

  @Test(arguments: ProgramProblem.Task.allCases)
  func `every drawn question is answered by its own answer`(task: ProgramProblem.Task) throws {
    let sampler = ProgramSampler(lengths: 1...6, shufflesNames: true)
    var generator = SplitMix64(seed: 7)
    let alphabet = CodeAlphabet.standard
    for _ in 0..<150 {
      let problem = ProgramProblem.drawn(task, from: sampler, using: &generator)
      #expect(problem.judge(problem.answer) == .success, "\(problem.prompt)")
      for worked in [true, false] {
        let text = problem.text(worked: worked, alphabet: alphabet)
        let response = zip(text.tokens, text.isScored).filter(\.1).map(\.0)
        #expect(problem.judge(response) == .success)
        let prompt = zip(text.tokens, text.isScored).filter { !$0.1 }.map(\.0)
        #expect(prompt == alphabet.tasks.prompt(problem.prompt))
      }
      if let steps = problem.steps, task == .output {
        #expect(steps.hasSuffix("=" + problem.answer))
      }
    }
  }

  @Test func `a drawn repair shows its bug in the examples`() {
    let sampler = ProgramSampler(lengths: 1...4)
    var generator = SplitMix64(seed: 8)
    for _ in 0..<150 {
      let problem = ProgramProblem.drawn(.repair, from: sampler, using: &generator)
      #expect(problem.inputs.count == ProgramProblem.exampleCount)
      #expect(problem.inputs == Array(Set(problem.inputs)).sorted())
      #expect(
        problem.inputs.contains { problem.shown.run(x: $0) != problem.program.run(x: $0) })
      #expect(problem.judge("\(problem.shown)") == .wrong)
    }
  }
}
