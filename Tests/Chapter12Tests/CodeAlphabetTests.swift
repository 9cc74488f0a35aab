import CodeModels
import RL
import Tensors
import Testing
import Text

@Suite struct `The alphabet of code` {
  private let alphabet = CodeAlphabet.standard

  @Test func `has chapter 8's frame, the tokens of the hole, and a token a character`() throws {
    #expect(alphabet.tokenizer.vocabularySize == 57)
    let found = try FillInTheMiddle(alphabet.tokenizer, rate: 0.5)
    #expect(found == alphabet.fillInTheMiddle(rate: 0.5))
    #expect(try TaskAlphabet(alphabet.tokenizer) == alphabet.tasks)
    let text = "fix a=x+3;b=a*3;rb 0>6,7: say max minus. jkqvwz"
    #expect(alphabet.tokenizer.encode(text).count == text.utf8.count)
    #expect(alphabet.tokenizer.decode(alphabet.tasks.encode(text)) == text)
  }

  @Test func `finds an answer only where it belongs`() {
    let tasks = alphabet.tasks
    let (end, think, close) = ([tasks.end], [tasks.think], [tasks.endThink])
    let (thought, answer) = (tasks.encode("a=4+3=7"), tasks.encode("7"))
    #expect(alphabet.answer(in: answer + end) == .answer("7"))
    #expect(alphabet.answer(in: think + thought + close + answer + end) == .answer("7"))
    #expect(alphabet.answer(in: think + close + answer + end) == .answer("7"))
    for none in [
      end, think + thought + end, think + thought + close + end, thought + close + answer + end,
      answer + think + thought + close + end, answer + end + answer,
      think + think + close + answer + end, think + close + close + answer + end,
      answer + [tasks.user] + end, [alphabet.fillInTheMiddle(rate: 1).hole] + end,
    ] { #expect(alphabet.answer(in: none) == .noAnswer) }
    #expect(alphabet.answer(in: think + thought) == .endless)
    #expect(alphabet.answer(in: []) == .endless)
  }

  @Test func `gives every response one of five statuses`() throws {
    let program = try Program(parsing: "a=x+3;ra")
    let problem = ProgramProblem(.output, of: program, x: 4)
    func status(_ text: String, ended: Bool = true) -> AnswerStatus {
      problem.judge(
        alphabet.tasks.encode(text) + (ended ? [alphabet.tasks.end] : []), alphabet: alphabet)
    }
    #expect(status("7") == .success)
    #expect(status("8") == .wrong)
    #expect(status("") == .noAnswer)
    #expect(status("a=7") == .exception)
    #expect(status("7", ended: false) == .timeout)
  }
}
