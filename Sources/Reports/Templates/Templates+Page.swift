extension Templates {
  /// The policy forbids every request, so that the page stays private even if markup slipped into it.
  static let page = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{{header.title}} · {{header.kind}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    <main>
    {{#header}}
    {{> header}}
    {{/header}}
    {{#metricTable}}
    {{> metrics}}
    {{/metricTable}}
    {{#sections}}
    {{> section}}
    {{/sections}}
    {{#record}}
    {{> record}}
    {{/record}}
    </main>
    <footer>Made by swift-unlearning. The page holds names, ids and numbers, no text of rows, and loads nothing.</footer>
    </body>
    </html>

    """

  static let header = """
    <header>
    <p class="kicker">{{kind}}</p>
    <h1>{{title}}</h1>
    {{#sentence}}
    <p class="sentence">{{.}}</p>
    {{/sentence}}
    {{#hasVerdict}}
    <dl class="verdict">
    {{#verdict}}
    <div><dt>{{figureName}}</dt><dd>{{#hasBoth}}<span class="from">{{from}}</span> <span class="to-arrow">→</span> {{/hasBoth}}<span class="to">{{to}}</span>{{#mark}} {{> mark}}{{/mark}}</dd></div>
    {{/verdict}}
    </dl>
    {{/hasVerdict}}
    {{#sample}}
    <p class="note sample"><strong>Sample.</strong> {{.}}</p>
    {{/sample}}
    {{#hasWarnings}}
    <div class="note warning"><strong>Warnings</strong>
    <ul>
    {{#warnings}}
    <li>{{.}}</li>
    {{/warnings}}
    </ul></div>
    {{/hasWarnings}}
    </header>

    """

  static let section = """
    <section>
    <h2>{{heading}}</h2>
    {{#lead}}
    <p class="lead">{{.}}</p>
    {{/lead}}
    <div class="figures">
    {{#figures}}
    <figure{{#isWide}} class="wide"{{/isWide}}>
    <h3>{{figureTitle}}</h3>
    <div class="scroll">{{{drawing}}}</div>
    {{#caption}}
    <figcaption>{{.}}</figcaption>
    {{/caption}}
    </figure>
    {{/figures}}
    {{#scoreTable}}
    {{> scores}}
    {{/scoreTable}}
    </div>
    </section>

    """
}
