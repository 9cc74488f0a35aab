import CommandLine
import Foundation

// Without a word the program shows the board.
let words = Array(ProcessInfo.processInfo.arguments.dropFirst())
let response = Program(ExercisesCommand.self).respond(
  to: words.isEmpty ? [ShowBoard.name] : words)
Console.stream(response.standardOutput)
FileHandle.standardError.write(Data(response.standardError.utf8))
exit(response.exitCode)
