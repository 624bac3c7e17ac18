/// An invented text as sentences, with questions whose answers only the text gives.
struct FictitiousDocument {
  var sentences: [String]
  var questions: [(question: String, answer: String)]

  var text: String { sentences.joined(separator: " ") }
}
