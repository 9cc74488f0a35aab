import Tensors
import Testing
import Text

@Suite struct `A task` {
  @Test func `is worked out step by step`() {
    let examples: [(TaskItem, line: String)] = [
      (.addition(57, 68), "Q: 57+68 think: 7+8+0=15;5+6+1=12 A: 125"),
      (.addition(5, 120), "Q: 5+120 think: 5+0+0=5;0+2+0=2;0+1+0=1 A: 125"),
      (.addition(0, 0), "Q: 0+0 think: 0+0+0=0 A: 0"),
      (.digitSum([3, 7, 1, 9]), "Q: 3719+ think: 33 70 11 90 A: 0"),
      (.parity([0, 1, 1, 0, 1]), "Q: p01101 think: 00 11 10 00 11 A: 1"),
      (.multiplication(34, 56), "Q: 34*56 think: 6*34=204;5*34=170;204+1700=1904 A: 1904"),
      (.multiplication(7, 8), "Q: 7*8 A: 56"),
      (.remainder(57, 7), "Q: 57%7 think: 7*8=56;57-56=1 A: 1"),
      (.sorting([5, 2, 8, 1]), "Q: s5281 A: 1258"),
      (.copying([5, 2, 8, 1]), "Q: c5281 A: 5281"),
      (.reversal([5, 2, 8, 0]), "Q: r5280 A: 0825"),
    ]
    for (item, line) in examples { #expect(item.line(worked: true) == line) }
    #expect(TaskItem.addition(57, 68).line(worked: false) == "Q: 57+68 A: 125")
  }

  @Test func `tells the output of a program with its trace`() throws {
    let program = try Program(parsing: "a=x+3;b=a*2;rb")
    let item = TaskItem.output(of: program, x: 4)
    #expect(
      item.line(worked: true) == "Q: out a=x+3;b=a*2;rb x=4 think: a=4+3=7;b=7*2=14 A: 14")
  }

  @Test func `judges numbers by value and strings by letter`() {
    let sum = TaskItem.addition(57, 68)
    #expect(sum.judge("125") && sum.judge("00125"))
    for wrong in ["", "126", "12", "125 ", "+125", "1২5", "１２５"] { #expect(!sum.judge(wrong)) }
    #expect(TaskItem.digitSum([5, 5]).judge("000") && !TaskItem.digitSum([5, 5]).judge(""))
    let backwards = TaskItem.reversal([5, 2, 8, 0])
    #expect(backwards.judge("0825") && !backwards.judge("825"))
  }

  @Test func `is held out by its question alone, one in sixteen`() throws {
    #expect(TaskItem.addition(57, 68).isHeldOut == TaskItem.addition(68, 57).isHeldOut)
    #expect(TaskItem.addition(57, 68).canonical == TaskItem.addition(68, 57).canonical)
    let renamed = try (Program(parsing: "c=x+3;d=c*2;rd"), Program(parsing: "a=x+3;b=a*2;rb"))
    let (one, other) = (
      TaskItem.output(of: renamed.0, x: 1), TaskItem.output(of: renamed.1, x: 9)
    )
    #expect(one.canonical == "a=x+3;b=a*2;rb" && other.canonical == one.canonical)

    var held = 0
    for left in 10..<100 {
      for right in left..<100 where TaskItem.addition(left, right).isHeldOut { held += 1 }
    }
    // 4 095 questions: 256 expected, four standard deviations are 62.
    #expect(abs(held - 256) < 62)
  }

  @Test(arguments: TaskKind.allCases) func `of any family accepts its own answer only`(
    kind: TaskKind
  ) {
    var generator = SplitMix64(seed: 5)
    for size in 1...4 where kind != .multiplication || size < 3 {
      for _ in 0..<50 {
        let item = TaskSource.item(kind, size: size, using: &generator)
        #expect(item.kind == kind)
        #expect(item.judge(item.answer) && !item.judge(item.answer + "1"))
      }
    }
  }
}
