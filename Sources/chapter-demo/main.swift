import CommandLine

Program.main(ChapterDemo.self)
