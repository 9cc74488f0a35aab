/// The answer to exercise 12.5.
///
/// Why this way: reading from left to right, the first register to appear becomes a, the next new one b,
/// and so on. The order of first appearance is the same for all programs that differ in names only,
/// since the places are the same; and renaming keeps different registers different, so no two other
/// programs meet. An operand that is read before it was ever written counts like any other.
public func canonicalForm(_ program: String) throws -> String {
  var names: [Character: Character] = [:]
  return String(
    program.map { letter in
      guard "abcd".contains(letter) else { return letter }
      if let name = names[letter] { return name }
      let name = Array("abcd")[names.count]
      names[letter] = name
      return name
    })
}

/// Wrong answers to exercise 12.5.
public enum Mutants12_5 {
  /// Does nothing.
  public static func keepsNames(_ program: String) throws -> String { program }

  /// Forgets which register is which.
  public static func blursNames(_ program: String) throws -> String {
    String(program.map { "abcd".contains($0) ? "a" : $0 })
  }

  /// Names registers in the order of their letters.
  public static func sortsNames(_ program: String) throws -> String {
    let used = Set(program.filter("abcd".contains)).sorted()
    return String(
      program.map { letter in
        used.firstIndex(of: letter).map { Array("abcd")[$0] } ?? letter
      })
  }

  /// Names only what is written, in the order of writing.
  public static func namesTargets(_ program: String) throws -> String {
    var names: [Character: Character] = [:]
    let letters = Array(program)
    for (place, letter) in letters.enumerated().dropLast()
    where "abcd".contains(letter) && letters[place + 1] == "=" && names[letter] == nil {
      names[letter] = Array("abcd")[names.count]
    }
    return String(letters.map { names[$0] ?? $0 })
  }

  /// Takes the input and the other marks for registers.
  public static func namesEverything(_ program: String) throws -> String {
    var names: [Character: Character] = [:]
    return String(
      program.map { letter in
        guard letter.isLetter else { return letter }
        if let name = names[letter] { return name }
        let name = Array("abcdefgh")[names.count]
        names[letter] = name
        return name
      })
  }

  /// Renames one letter after the other, so that a name may be given twice.
  public static func replacesOneByOne(_ program: String) throws -> String {
    var text = program
    var seen: [Character] = []
    for letter in program where "abcd".contains(letter) && !seen.contains(letter) {
      text = String(text.map { $0 == letter ? Array("abcd")[seen.count] : $0 })
      seen.append(letter)
    }
    return text
  }

  /// Sorts the statements too.
  public static func sortsStatements(_ program: String) throws -> String {
    try canonicalForm(program).split(separator: ";").sorted().joined(separator: ";")
  }
}
