using OpCollector.Detection;
using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Reading;

namespace OpCollector.Tests;

/// <summary>Rules that are wrong are refused with file, line and reason, all of them at once; filters leave out what they name.</summary>
public sealed class SigmaRulesReaderSpecs
{
    const string Good = "s:\n  action: join\ncondition: s";

    [Theory]
    [InlineData("f|contians: x", "the modifier contians is unknown; there are contains")]
    [InlineData("f|base64: 'x*'", "a wildcard cannot be encoded")]
    [InlineData("f|windash|wide: '-a -b -c -d -e'", "has too many dashes")]
    [InlineData("f|hour: noon", "\"noon\" is not a number")]
    [InlineData("f|hour|contains: 3", "hour does not go with contains")]
    [InlineData("f|hour|day: 3", "hour and day do not go together")]
    [InlineData("f|base64|gt: 3", "base64 does not go with gt")]
    [InlineData("f|month:", "null does not go with month")]
    [InlineData("f|contains|re: x", "contains and re do not go together")]
    [InlineData("f|i: x", "go with re only")]
    [InlineData("f|re: '('", "f|re: ")]
    [InlineData("f|re: '(?=x)'", "f|re: ")]
    [InlineData("f|re: '(a)\\1'", "f|re: ")]
    [InlineData("f|cidr: 10.0.0/8", "is not a network")]
    [InlineData("f|cidr: 10.0.0.0", "is not a network")]
    [InlineData("f|gt: many", "\"many\" is not a number")]
    [InlineData("f|exists: x", "exists takes true or false")]
    [InlineData("f|contains:", "null does not go with contains")]
    [InlineData("f|expand: x", "expand without a placeholder")]
    [InlineData("f|expand: '%nobody%'", "there is no list nobody for %nobody%")]
    [InlineData("f|contains|all: x", "all with a single value")]
    [InlineData("f|cased|cased: x", "twice")]
    [InlineData("f: []", "must be a value or a list of values")]
    [InlineData("f: {g: x}", "must be a value or a list of values")]
    public void A_wrong_selection_is_refused_with_its_line(string selection, string why)
    {
        var complaints = Sigma.Complaints(Sigma.Rule($"s:\n  {selection}\ncondition: s"));

        complaints.Should().ContainSingle().Which.Should().StartWith("8: ");
        why.Split('|').Should().OnlyContain(
            part => complaints[0].Contains(part, StringComparison.Ordinal) || why.StartsWith("f|", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("title: T", "status: test", "1: title is missing")]
    [InlineData("  condition: s", "  condition: []", "9: condition holds nothing")]
    [InlineData("name: rule", "status: good", "2: status \"good\" is unknown")]
    [InlineData("name: rule", "level: severe", "2: level \"severe\" is unknown")]
    [InlineData("name: rule", "tags: [T1078]", "2: tag \"T1078\" is not a tag")]
    [InlineData("  product: 1password", "  definition: any", "4: logsource.product must be 1password")]
    [InlineData(
        "  service: audit", "  service: audits", "5: logsource.service \"audits\" is unknown; it is one of audit, signin, itemusage")]
    [InlineData("  service: audit", "  category: process", "5: 1Password has no such logsource.category")]
    [InlineData("  condition: s", "  timeframe: 5m", "9: timeframe was Sigma 1")]
    [InlineData("  s:", "  s: [", "is not YAML")]
    public void A_wrong_member_is_refused_with_its_line(string line, string instead, string complaint) =>
        Sigma.Complaints(Sigma.Rule(Good).Replace(line + "\n", instead + "\n", StringComparison.Ordinal))
            .Should().Contain(each => each.Contains(complaint, StringComparison.Ordinal));

    [Theory]
    [InlineData("process_creation")]
    [InlineData("proxy")]
    public void A_rule_for_a_category_of_logs_is_for_other_products(string category)
    {
        var theirs = Sigma.Rule(Good, "theirs")
            .Replace("  product: 1password\n", $"  category: {category}\n", StringComparison.Ordinal)
            .Replace("  service: audit\n", "", StringComparison.Ordinal);

        Sigma.Complaints(theirs).Should().BeEmpty();
    }

    [Fact]
    public void Rules_for_other_products_are_left_out_and_counted()
    {
        string Other(string rule) => rule.Replace("product: 1password", "product: windows", StringComparison.Ordinal);
        var wrongAnyway = Other(Sigma.Rule("s:\n  f|nothing: x\ncondition: s", "theirs")).Replace(
            "  service: audit\n", "  category: process_creation\n", StringComparison.Ordinal);
        var restsOnIt = Sigma.Correlation(
            "type: event_count\nrules: [theirs]\ngroup-by: [f]\ntimespan: 1h\ncondition:\n  gte: 2", "theirs-too");
        var restsOnThat = Sigma.Correlation("type: temporal\nrules: [theirs-too, rule]\ntimespan: 1h", "and-theirs");
        var filter = Other("title: F\nlogsource:\n  product: 1password\nfilter:\n  rules: any\n  s:\n    f: y\n  condition: s\n");
        var alsoOurs = Sigma.Rule(Good, "capital").Replace("1password", "1Password", StringComparison.Ordinal);

        var rules = Sigma.Of(string.Join("---\n", wrongAnyway, restsOnIt, restsOnThat, filter, Sigma.Rule(Good), alsoOurs)).Rules;

        rules.Rules.All.Select(rule => rule.Name).Should().Equal("rule", "capital");
        rules.LeftOut.Should().Be("4 rules are for other products (logsource.product is not 1password) and left out");
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var wrong =
            $"{Sigma.Rule("s:\n  f|no: x\ncondition: s", "one")}---\n{Sigma.Rule("s:\n  f: x\ncondition: t", "two")}---\n{Sigma.Correlation("type: count\nrules: [three]\ntimespan: soon", "four")}";

        Sigma.Complaints(wrong).Should().HaveCountGreaterThanOrEqualTo(4)
            .And.Contain(each => each.StartsWith("8: ", StringComparison.Ordinal))
            .And.Contain(each => each.StartsWith("19: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rule_stands_in_one_place_only() =>
        Sigma.Complaints($"{Sigma.Rule(Good)}---\n{Sigma.Rule(Good)}").Should().ContainSingle()
            .Which.Should().Contain("the name or id of rule is taken by the rule in rules.yml");

    [Theory]
    [InlineData("type: event_count\nrules: [rule]\ntimespan: 5m\ncondition: {gte: 5000}", "a whole number up to 1000")]
    [InlineData("type: event_count\nrules: [rule]\ntimespan: 5m\ncondition: {atleast: 5}", "condition.atleast is unknown")]
    [InlineData("type: event_count\nrules: [rule]\ntimespan: 5m", "condition is missing")]
    [InlineData("type: value_count\nrules: [rule]\ntimespan: 5m\ncondition: {gte: 5}", "condition.field is missing")]
    [InlineData("type: value_sum\nrules: [rule]\ntimespan: 5m\ncondition: {gte: 5}", "condition.field is missing")]
    [InlineData("type: value_sum\nrules: [rule]\ntimespan: 5m\ncondition: {field: f, gte: many}", "condition.gte must be a number")]
    [InlineData("type: value_percentile\nrules: [rule]\ntimespan: 5m\ncondition: {field: f, percentile: 101, gte: 5}", "from 0 to 100")]
    [InlineData("type: value_median\nrules: [rule]\ntimespan: 5m\ncondition: {gte: 5}", "\"value_median\" is unknown")]
    [InlineData("type: event_count\nrules: [rule]\ntimespan: 5m\ncondition: {gte: 5}\ngenerate: perhaps", "generate is true or false")]
    [InlineData("type: event_count\nrules: [silent]\ntimespan: 5m\ncondition: {gte: 5}", "there is no rule silent")]
    [InlineData("type: temporal\nrules: [rule]\ntimespan: 5m", "needs two rules")]
    [InlineData("type: temporal\nrules: [rule, other]\ntimespan: 5m", "there is no rule other")]
    [InlineData("type: event_count\nrules: [rule]\ntimespan: 5 minutes\ncondition: {gte: 5}", "timespan \"5 minutes\" is not a duration")]
    [InlineData("type: event_count\nrules: [rule]\ntimespan: 5m\ncondition: {gte: 5}\ngroupby: [x]", "correlation.groupby is unknown")]
    [InlineData("type: event_count\nrules: [rule]\ntimespan: 5m\ncondition: {gte: 5}\naliases: {u: {nobody: x}}", "aliases.u.nobody")]
    [InlineData("type: event_count\nrules: [correlation]\ntimespan: 5m\ncondition: {gte: 5}", "rests on itself")]
    public void A_wrong_correlation_is_refused(string correlation, string why) =>
        Sigma.Complaints($"{Sigma.Rule(Good)}---\n{Sigma.Correlation(correlation)}").Should().ContainSingle().Which.Should().Contain(why);

    [Theory]
    [InlineData("condition: selection")]
    [InlineData("condition: not selection")]
    public void A_filter_leaves_out_what_it_names(string condition)
    {
        var sigma = Sigma.Of(
            $"{Sigma.Rule(Good)}---\ntitle: F\nlogsource:\n  product: 1password\nfilter:\n  rules: [rule]\n  selection:\n    actor_uuid: SCIM\n  {condition}\n");

        sigma.Matches("""{"eid":1,"action":"join","actorUuid":"scim"}""").Should().BeFalse();
        sigma.Matches("""{"eid":1,"action":"join","actorUuid":"A"}""").Should().BeTrue();
    }

    [Fact]
    public void A_filter_leaves_events_out_of_a_correlation_alone()
    {
        var sigma = Sigma.Of(
            $"{Sigma.Rule(Good)}---\n" +
            $"{Sigma.Correlation("type: event_count\nrules: [rule]\ngenerate: true\ntimespan: 5m\ncondition: {gte: 2}")}---\n" +
            "title: F\nlogsource:\n  product: 1password\nfilter:\n  rules: [correlation]\n  s:\n    actor_uuid: SCIM\n  condition: s\n");
        string[] actors = ["SCIM", "SCIM", "A", "SCIM", "B"];

        actors.Select((actor, at) => sigma.See(
                $$$"""{"eid":{{{at + 1}}},"time":"2026-09-01T00:00:0{{{at}}}Z","action":"join","actorUuid":"{{{actor}}}"}""").Count)
            .Should().Equal(1, 1, 1, 1, 2);
    }

    [Fact]
    public void A_part_has_its_name_for_its_own_file_alone()
    {
        string Counting(string action) => Sigma.Correlation(
            "type: event_count\nrules: [part]\ntimespan: 5m\ncondition: {gte: 1}", $"counts-{action}")
            + $"---\nid: {action}\n{Sigma.Rule($"s:\n  action: {action}\ncondition: s", "part")}";
        var whole = new RuleFile("c.yml", Sigma.Rule("s:\n  action: c\ncondition: s", "part"));
        var rules = InstalledRules.WithoutSettings(SigmaRulesReader.Read(
            [new RuleFile("a.yml", Counting("a")), new RuleFile("b.yml", Counting("b")), whole],
            WrittenLists.None));

        rules.Rules.Correlations.Select(each => each.Members.Single().Rule.Id).Should().Equal("a", "b");
        rules.Statuses.Where(each => each.IsActive).Select(each => each.Rule.Id).Should().BeEquivalentTo("part", "counts-a", "counts-b");
    }

    [Theory]
    [InlineData("s:\n  acton: join\ncondition: s", "rules.yml:8: no event of 1Password has a field acton; perhaps action is meant")]
    [InlineData(
        "s:\n  action: join\nt:\n  action: a\ncondition: s",
        "rules.yml:9: no condition names the selection t, so it has no effect")]
    public void What_is_likely_a_mistake_is_a_warning_with_its_line(string detection, string warning) =>
        Sigma.Detection(detection).Rules.Warnings.Should().Equal(warning);

    [Theory]
    [InlineData("mine first")]
    [InlineData("mine last")]
    public void A_rule_named_as_one_that_is_shipped_is_taken_and_told_of(string order)
    {
        RuleFile[] mine =
        [
            new("mine.yml", Sigma.Rule(Good, "vault-export")),
            new("count.yml", Sigma.Correlation("type: event_count\nrules: [vault-export]\ntimespan: 5m\ncondition: {gte: 1}")),
        ];

        var rules = SigmaRulesReader.Read(
            order == "mine first" ? [.. mine, .. RuleFiles.BuiltIn()] : [.. RuleFiles.BuiltIn(), .. mine],
            new Watchlists(new Dictionary<string, IReadOnlyList<string>>(), []),
            NativeRules.All);

        rules.Warnings.Should().Equal("mine.yml:1: a rule vault-export is shipped with the program; by that name this one is meant");
        rules.Correlations.Single(each => each.Info.Name == "correlation").Members.Single().Rule.File.Should().Be("mine.yml");
    }

    [Fact]
    public void What_is_read_can_be_run_whatever_it_holds()
    {
        string[] odd = ["[]", "''", "null", "{}", "[null]", "0", "-1", "x", "[x, [y]]", "true", "1e999", "'%'", "\"\\0\""];
        string[] places =
        [
            "gte: 1", "rules: [rule]", "group-by: [a]", "timespan: 5m", "type: value_sum", "field: f", "condition: s", "  f: 1", "title: T",
        ];
        var sum = "type: value_sum\nrules: [rule]\ngroup-by: [a]\ntimespan: 5m\ncondition:\n  field: f\n  gte: 1";
        var whole = $"{Sigma.Rule("s:\n  f: 1\ncondition: s")}---\n{Sigma.Correlation(sum)}";
        foreach (var (place, value) in places.SelectMany(_ => odd, (place, value) => (place, value)))
        {
            var written = whole.Replace(place, $"{place.Split(':')[0]}: {value}", StringComparison.Ordinal);
            if (Sigma.Complaints(written).Length == 0)
            {
                var sigma = Sigma.Of(written);
                sigma.Invoking(each => each.See("""{"eid":1,"time":"2026-09-01T00:00:00Z","f":1,"a":"x"}""")).Should().NotThrow(written);
            }
        }
    }

    [Fact]
    public void A_filter_for_a_rule_that_does_not_exist_is_refused() =>
        Sigma.Complaints(
            $"{Sigma.Rule(Good)}---\ntitle: F\nlogsource:\n  product: 1password\nfilter:\n  rules: [ruel]\n  s:\n    a: 1\n  condition: s\n")
            .Should().ContainSingle().Which.Should().Be("15: there is no rule ruel to filter");

    [Fact]
    public void A_placeholder_stands_for_each_entry_of_its_list()
    {
        var sigma = Sigma.Detection("s:\n  f|endswith|expand: '@%domains%'\ncondition: s", "domains=acme.example,a*c.example");

        sigma.Matches("""{"eid":1,"f":"bob@acme.example"}""").Should().BeTrue();
        sigma.Matches("""{"eid":1,"f":"bob@a*c.example"}""").Should().BeTrue();
        sigma.Matches("""{"eid":1,"f":"bob@abc.example"}""").Should().BeFalse();
        sigma.Matches("""{"eid":1,"f":"bob@notacme.example"}""").Should().BeFalse();
    }

    [Theory]
    [InlineData("not a", false)]
    [InlineData("a and b", false)]
    [InlineData("a or b", true)]
    [InlineData("b and not (a or b)", false)]
    [InlineData("1 of *", true)]
    public void Without_its_list_a_rule_says_only_what_it_can_say_without(string condition, bool isActive)
    {
        var rules = Sigma.Detection($"a:\n  f|expand: '%admins%'\nb:\n  b: 1\ncondition: {condition}", "admins=").Rules;

        rules.Statuses.Single().IsActive.Should().Be(isActive);
        rules.Statuses.Single().Without.Should().Equal("admins");
    }

    [Fact]
    public void A_regular_expression_of_any_length_is_not_tried() =>
        Sigma.Complaints(Sigma.Rule($"a:\n  f|re: '{new string('a', 100_000)}'\ncondition: a")).Should().ContainSingle()
            .Which.Should().Contain("100000 characters");

    [Theory]
    [InlineData("1 of ", "a*", 5000)]
    [InlineData("all of ", "a", 100_000)]
    public void A_pattern_for_selections_of_any_length_is_not_tried(string of, string part, int times) =>
        Sigma.Complaints(Sigma.Rule($"a:\n  f: 1\ncondition: {of}{string.Concat(Enumerable.Repeat(part, times))}"))
            .Should().ContainSingle().Which.Should().Contain("longer than any name of a selection");

    [Theory]
    [InlineData("attack.impact", 5000, "")]
    [InlineData("a.", 5000, "!")]
    [InlineData("attack.t1531-", 5000, " ")]
    public async Task A_tag_of_any_length_is_read_in_no_time(string part, int times, string end)
    {
        var rule = $"{Sigma.Rule("a:\n  f: 1\ncondition: a")}tags: ['{string.Concat(Enumerable.Repeat(part, times))}{end}']\n";

        var reading = Task.Run(() => Sigma.Complaints(rule), TestContext.Current.CancellationToken);

        await reading.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_rule_for_another_stream_does_not_look()
    {
        var sigma = Sigma.Of(Sigma.Rule(Good, stream: "signin"));

        sigma.Matches("""{"eid":1,"action":"join"}""").Should().BeFalse();
        sigma.Matches("""{"eid":1,"action":"join"}""", "signin").Should().BeTrue();
    }

    [Theory]
    [InlineData("""{"eid":1,"action":["x","join"]}""")]
    [InlineData("""{"eid":1,"action":"JOIN"}""")]
    [InlineData("""{"eid":1,"action":"j\u006fin"}""")]
    public void The_index_of_actions_misses_nothing(string json) => Sigma.Detection(Good).Matches(json).Should().BeTrue();
}
