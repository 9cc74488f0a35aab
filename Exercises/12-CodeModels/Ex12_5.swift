import ExerciseKit

/// Exercise 12.5 ●●● The same program under another name (45 minutes).
///
/// Build the test that keeps an examination honest. Two programs are the same if one becomes the other
/// by giving its registers other names, each name for one register. `d=x+3;b=d*2;rb` is
/// `a=x+3;c=a*2;rc`. It is not `a=x+3;a=a*2;ra`, where one register does the work of two, nor
/// `a=3+x;c=a*2;rc`, which does the same and is written otherwise.
///
/// Give a program a form that it shares with the programs that are the same, and with no others. Any
/// form will do. Registers are the letters a to d; x is the input, m the larger of two and r the mark
/// of the result: those are no registers. You may take for granted that the text is a program.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 12.5"`
public func canonicalForm(_ program: String) throws -> String {
  throw Unfinished("12.5")  // TODO: replace this line
}
