import CommandLine
import Foundation
import Testing

/// Signals belong to the whole process, so each of these tests runs in a process of its own.
@Suite struct `An interrupt` {
  @Test func `raises its flag at the first signal`() async {
    await #expect(processExitsWith: .exitCode(3)) {
      Interrupt.listen()
      let before = Interrupt.isRequested
      kill(getpid(), SIGINT)
      // The signal arrives on another thread: wait for it, at most ten seconds.
      for _ in 0..<2_000 where !Interrupt.isRequested { usleep(5_000) }
      exit(!before && Interrupt.isRequested ? 3 : 4)
    }
  }

  @Test func `ends the process at the second signal`() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Interrupt.listen()
      kill(getpid(), SIGTERM)
      for _ in 0..<2_000 where !Interrupt.isRequested { usleep(5_000) }
      kill(getpid(), SIGINT)
      sleep(10)
      exit(3)
    }
  }
}

@Suite struct `A closed pipe` {
  @Test func `ends the program in peace`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      signal(SIGPIPE, SIG_IGN)
      // Standard output becomes a pipe that nobody reads.
      let pipe = Pipe()
      dup2(pipe.fileHandleForWriting.fileDescriptor, STDOUT_FILENO)
      try pipe.fileHandleForReading.close()
      Console.print("unread")
      exit(3)
    }
  }
}
