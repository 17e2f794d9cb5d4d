using System.Text;
using OpCollector.Detection;
using OpCollector.Detection.Findings;
using OpCollector.Detection.Sigma;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>
/// What an analyst gets: little on the ordinary days of an invented company, and something grave at once on a bad one. The figures stand
/// in <c>docs/detections.md</c>.
/// </summary>
[Slow]
public sealed class CompanySpecs(ITestOutputHelper output)
{
    const int MostInAWeek = 10;

    [Fact]
    public void Ordinary_days_are_quiet_and_each_attack_is_grave_within_its_first_acts()
    {
        var company = new Company(seed: 17);
        var engine = Rules().CreateEngine();
        company.Work();
        var events = company.Take();

        var ordinary = See(engine, events);

        var week = ordinary.Count / (Company.Days / 7.0);
        output.WriteLine($"{events.Length} events, {week:0.0} findings a week: " + string.Join(
            ", ",
            ordinary.CountBy(each => each.Rule.Name).OrderByDescending(each => each.Value).Select(each => $"{each.Key} {each.Value}")));
        week.Should().BeLessThanOrEqualTo(MostInAWeek);
        foreach (var (name, attack) in Attacks(company))
        {
            attack();
            var found = See(engine, company.Take());
            output.WriteLine($"{name}: {string.Join(", ", found.Select(each => $"{each.Rule.Name} ({each.Rule.Level})"))}");
            found.Should().Contain(each => each.Rule.Level >= RuleLevel.High, name);
        }
    }

    static (string Name, Action Attack)[] Attacks(Company company) =>
    [
        ("the night of the samples", company.Night),
        ("a stolen password used from abroad", company.StolenPassword),
        ("an insider before leaving", company.Insider),
        ("a rogue administrator", company.RogueAdministrator),
        ("a leaked token of a service account", company.LeakedToken),
        ("a sprayed account", company.Spraying),
    ];

    static InstalledRules Rules()
    {
        var lists = Company.Lists.Select(list => list.Split('='))
            .ToDictionary(list => list[0], list => (IReadOnlyList<string>)list[1].Split(',', StringSplitOptions.RemoveEmptyEntries));
        return InstalledRules.Load(
            DetectionSettings.Default, SilenceSettings.Default, new Watchlists(lists, []) { EventsSayAddresses = true });
    }

    static List<Finding> See(RuleEngine engine, (DateTimeOffset Time, string Stream, string Json)[] events)
    {
        var found = new List<Finding>();
        foreach (var (time, stream, json) in events)
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            found.AddRange(engine.Evaluate(bytes, stream, UntaggedEvent.Read(bytes).Id, time));
        }

        return found;
    }
}
