import CodeModels
import Tensors
import Testing
import Text

@Suite struct `An explanation` {
  @Test func `reads back to the very steps`() {
    let sampler = ProgramSampler(lengths: 1...6, shufflesNames: true)
    var generator = SplitMix64(seed: 1)
    for _ in 0..<100 {
      let program = sampler.program(using: &generator)
      for x in [0, 7] {
        let told = Explanation(of: program, x: x)
        #expect(Explanation(reading: told.text) == told, "\(told.text)")
        #expect(told.steps.map { "\($0)" }.joined(separator: ";") == program.trace(x: x))
        #expect(told.result == told.steps.last { $0.target == program.result }?.value)
      }
    }
  }

  @Test(arguments: [
    "", "so 14", "a is 4 plus 3, 7", "a is 4 plus 3, 7; so", "a is 4 plus 3, 7;so 7",
    "a is 4 plus 3 7; so 7", "a is 4 add 3, 7; so 7", "e is 4 plus 3, 7; so 7",
    "a is 4 plus 3, 7; so 7; so 7", "a is four plus 3, 7; so 7", "a  is 4 plus 3, 7; so 7",
    "a is 4 plus 3, 700; so 7", "a is 4 plus 3, 7; so 7 ", "a=4+3=7",
  ]) func `that is none is refused`(text: String) {
    #expect(Explanation(reading: text) == nil)
  }

  @Test func `is right in every step or not at all`() throws {
    let program = try Program(parsing: "a=x+3;b=a*2;rb")
    let problem = ProgramProblem(.explanation, of: program, x: 4)
    #expect(problem.judge("a is 4 plus 3, 7; b is 7 times 2, 14; so 14") == .success)
    // Right result, wrong way; right way, wrong result; a step left out; a false sum.
    for wrong in [
      "a is 4 plus 3, 7; b is 7 plus 7, 14; so 14",
      "a is 4 plus 3, 7; b is 7 times 2, 14; so 7",
      "b is 7 times 2, 14; so 14", "a is 4 plus 3, 8; b is 7 times 2, 14; so 14",
    ] { #expect(problem.judge(wrong) == .wrong, "\(wrong)") }
    #expect(problem.judge("14") == .exception)
  }
}
