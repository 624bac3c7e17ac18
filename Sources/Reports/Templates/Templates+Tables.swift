extension Templates {
  /// Good or bad by sign, by word for those who listen, and by colour.
  static let mark = """
    <span class="mark {{judgement}}" title="{{judgement}}"><span aria-hidden="true">{{sign}}</span><span class="spoken">{{judgement}}</span></span>
    """

  static let metrics = """
    <section>
    <h2>Before and after</h2>
    <div class="scroll">
    <table class="metrics">
    <thead><tr><th scope="col">metric</th><th scope="col"><span class="spoken">better</span></th><th scope="col" class="range-head"><span>0</span><span>1</span></th><th scope="col" class="number">before</th><th scope="col" class="number">after</th><th scope="col" class="number">change</th>{{#hasReference}}<th scope="col" class="number">retrained</th><th scope="col" class="number">gap</th>{{/hasReference}}</tr></thead>
    {{#metricGroups}}
    <tbody>
    {{#isNamed}}
    <tr class="group"><th scope="rowgroup" colspan="{{columns}}">{{group}}</th></tr>
    {{/isNamed}}
    {{#metricRows}}
    <tr><th scope="row">{{metric}}</th><td class="arrow" title="{{arrowMeaning}}">{{arrow}}</td><td class="range-cell">{{{range}}}</td><td class="number">{{before}}</td><td class="number after">{{after}}</td><td class="number">{{change}}{{#mark}} {{> mark}}{{/mark}}{{^mark}} <span class="mark"></span>{{/mark}}</td>{{#referenceCells}}<td class="number">{{.}}</td>{{/referenceCells}}</tr>
    {{/metricRows}}
    </tbody>
    {{/metricGroups}}
    </table>
    </div>
    <p class="key">↑ higher is better, ↓ lower is better; ✓ better, ✗ worse than before. Ring: before, dot: after{{#hasReference}}, bar: the model retrained without the forget set; gap: after minus retrained{{/hasReference}}.</p>
    </section>

    """

  static let scores = """
    <div class="small-table">
    <h3>Sub-categories</h3>
    <div class="scroll">
    <table class="scores">
    <thead><tr><th scope="col">accuracy (%)</th><th scope="col" class="number">questions</th><th scope="col" class="number">before</th><th scope="col" class="number">after</th><th scope="col" class="number">change</th></tr></thead>
    <tbody>
    {{#scoreRows}}
    <tr><th scope="row">{{scoreName}}</th><td class="number">{{questions}}</td><td class="number">{{before}}</td><td class="number after">{{after}}</td><td class="number">{{change}}{{#mark}} {{> mark}}{{/mark}}{{^mark}} <span class="mark"></span>{{/mark}}</td></tr>
    {{/scoreRows}}
    </tbody>
    </table>
    </div>
    </div>

    """

  static let record = """
    <section>
    <h2>Record</h2>
    {{#command}}
    <h3>Command</h3>
    <pre class="command"><code>{{.}}</code></pre>
    {{/command}}
    <div class="tables">
    {{#tables}}
    <div>
    <h3>{{tableName}}</h3>
    <table class="entries"><tbody>
    {{#entries}}
    <tr><th scope="row">{{name}}</th><td>{{value}}</td></tr>
    {{/entries}}
    </tbody></table>
    </div>
    {{/tables}}
    </div>
    {{#hasFiles}}
    <h3>Files read</h3>
    <table class="entries files"><thead><tr><th scope="col">path</th><th scope="col">SHA-256</th></tr></thead><tbody>
    {{#files}}
    <tr><th scope="row">{{path}}</th><td><code title="{{hash}}">{{shortHash}}</code></td></tr>
    {{/files}}
    </tbody></table>
    {{/hasFiles}}
    </section>

    """
}
