import CommandLine
import Testing

@Suite struct `The processor check` {
  private let modern = """
    processor\t: 0
    model name\t: A processor: the good one
    flags\t\t: fpu sse2 avx f16c abm bmi1 avx2 fma bmi2 movbe avx512f avx512dq avx512cd avx512bw avx512vl

    processor\t: 1
    flags\t\t: fpu
    """

  @Test func `finds nothing missing on a modern processor`() {
    #expect(Processor.missing(from: modern).isEmpty)
    #expect(Processor.sentence(missing: []) == nil)
  }

  @Test func `names what an old processor lacks`() {
    let old = modern.replacing(" avx2", with: "").replacing(" fma", with: "")
    #expect(Processor.missing(from: old) == ["avx2", "fma"])
  }

  @Test func `is not fooled by a longer name`() {
    #expect(Processor.missing(from: modern.replacing("fma", with: "fma4")) == ["fma"])
  }

  @Test(arguments: ["", "flags", "Features : fp asimd\n", ":\n:::\n"])
  func `complains about nothing that it cannot know`(text: String) {
    #expect(Processor.missing(from: text).isEmpty)
  }

  @Test func `tells how to build for an old processor`() {
    #expect(
      Processor.sentence(missing: ["avx2", "fma"])
        == "This program was built for processors with AVX2, FMA, which this one lacks; "
        + "build it again with PORTABLE=1 in the environment.")
    #expect(
      Processor.sentence(missing: ["fma", "avx512f"])?.contains("PORTABLE=1") == true)
  }

  @Test func `tells how to build without wide vectors`() {
    let narrow = modern.replacing(" avx512dq", with: "")
    let missing = Processor.missing(from: narrow, needed: Processor.modern + Processor.wide)
    #expect(
      Processor.sentence(missing: missing)
        == "This program was built for processors with AVX512DQ, which this one lacks; "
        + "build it again with WIDE=0 in the environment.")
    #expect(Processor.missing(from: narrow, needed: Processor.modern).isEmpty)
  }

  @Test func `lets this build run on this machine`() {
    #expect(Processor.complaint() == nil)
  }
}
