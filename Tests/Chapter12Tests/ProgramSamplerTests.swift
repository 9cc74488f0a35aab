import CodeModels
import Tensors
import Testing
import Text

@Suite struct `The sampler of programs` {
  @Test func `draws every length, and only programs that hear their input`() {
    let sampler = ProgramSampler(lengths: 1...6, shufflesNames: true)
    var generator = SplitMix64(seed: 1)
    var lengths: [Int: Int] = [:]
    for _ in 0..<600 {
      let program = sampler.program(using: &generator)
      lengths[program.statements.count, default: 0] += 1
      #expect(program.dependsOnInput && !program.isHeldOut)
    }
    // 100 each but for the few that are drawn again; four standard deviations are below 40.
    for length in 1...6 { #expect(abs((lengths[length] ?? 0) - 100) < 40) }
  }

  // snippet.held-out
  @Test func `holds programs out under all their names`() throws {
    let sampler = ProgramSampler(lengths: 1...4, shufflesNames: true)
    var generator = SplitMix64(seed: 2)
    for _ in 0..<50 {
      let program = sampler.program(heldOut: true, using: &generator)
      #expect(program.isHeldOut && program.canonical.isHeldOut)
    }
    let one = try Program(parsing: "d=x+3;b=d*2;rb")
    let other = try Program(parsing: "a=x+3;c=a*2;rc")
    #expect(one.isHeldOut == other.isHeldOut)
  }
  // snippet.end

  @Test func `keeps a sixteenth for examinations`() {
    let sampler = ProgramSampler(lengths: 3...6)
    var generator = SplitMix64(seed: 3)
    // Draws from both sides would need the split to be switched off; count over all statements.
    var count = 0
    for _ in 0..<2_000 {
      let item = TaskSource.item(.output, size: 4, using: &generator)
      let program = try? Program(parsing: String(item.prompt.split(separator: " ")[1]))
      if program?.isHeldOut == true { count += 1 }
    }
    // 125 expected; four standard deviations are 43.
    #expect(abs(count - 125) < 43)
    #expect(sampler.heldOut(40, seed: 1).count == 40)
  }

  @Test func `asks about no program twice, whatever its registers are called`() {
    let programs = ProgramSampler(lengths: 1...2, shufflesNames: true).heldOut(60, seed: 4)
    #expect(Set(programs.map(\.canonical)).count == programs.count)
    #expect(programs.count == 60)
    #expect(
      programs == ProgramSampler(lengths: 1...2, shufflesNames: true).heldOut(60, seed: 4))
    // There are few programs of one statement, and a request for more ends.
    let few = ProgramSampler(lengths: 1...1).heldOut(10_000, seed: 4)
    #expect(few.count < 20)
  }

  @Test func `names registers by chance and changes nothing else`() {
    let sampler = ProgramSampler(lengths: 4...4, shufflesNames: true)
    var generator = SplitMix64(seed: 5)
    var firstTargets: Set<String> = []
    for _ in 0..<60 {
      let program = sampler.program(using: &generator)
      firstTargets.insert("\(program.statements[0].target)")
      #expect(program.canonical.behaves(like: program))
    }
    #expect(firstTargets == ["a", "b", "c", "d"])
  }

  @Test func `plants bugs that show`() {
    let sampler = ProgramSampler(lengths: 1...4, shufflesNames: true)
    var generator = SplitMix64(seed: 6)
    for _ in 0..<200 {
      let program = sampler.program(using: &generator)
      guard let broken = program.withBug(using: &generator) else { continue }
      let places = zip(program.statements, broken.statements).filter { $0 != $1 }
      #expect(places.count == 1, "one statement differs")
      #expect(places.allSatisfy { $0.target == $1.target })
      #expect(!broken.behaves(like: program))
      #expect(broken.result == program.result)
    }
  }
}
