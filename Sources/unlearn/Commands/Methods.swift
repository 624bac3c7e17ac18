import ArgumentParser
import Basics
import Unlearning

struct Methods: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List methods, combiners, learning-rate policies, optimisers and tunings, with their options.",
    discussion: "Example:\n  unlearn methods")
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var common: CommonOptions

  func run() throws {
    if json {
      let sections = MethodCatalogue.sections.map { section in
        (
          section.name,
          JSONValue.array(
            section.choices.map { choice in
              .object([
                "name": .string(choice.name), "meaning": .string(choice.meaning), "source": .string(choice.source),
                "options": .object(JSONObject(choice.options.map { ($0.key, .string($0.value)) })),
              ])
            })
        )
      }
      print(JSONValue.object(JSONObject(sections)).text(indented: true))
      return
    }
    for section in MethodCatalogue.sections {
      var table = TextTable(columns: [
        .init(section.name, .left), .init("what it does", .left), .init("source", .left), .init("options", .left),
      ])
      for choice in section.choices {
        let options = choice.options.map { "\($0.key) \($0.value)" }
        table.add([
          choice.name + (choice.isDefault ? " *" : ""), choice.meaning, choice.source, options.joined(separator: ", "),
        ])
      }
      print(table.text)
    }
    print(
      "* default. Options are keys of the configuration, shown with their defaults; 'unlearn config explain' says more."
    )
  }
}
