using OpCollector.Cli.Hosting;
using OpCollector.Detection.Sigma;

namespace OpCollector.Tests;

/// <summary><c>detection</c> and <c>silence</c>, right and wrong.</summary>
public sealed class DetectionSettingsSpecs : IDisposable
{
    readonly TestConfiguration _written = new();

    public void Dispose() => _written.Dispose();

    [Fact]
    public void Every_member_is_read()
    {
        var settings = Load("""
            "detection":{"deliver":"off","level":"high","rules":["rules/"],"disabled":["x"],"lists":{"admins":["alice"],"offices":[]}},"silence":{"after":"2h"}
            """);

        settings.Detection.Should().BeEquivalentTo(
            new { IsDelivered = false, Level = RuleLevel.High, Rules = new[] { Path.Combine(_written.Root, "rules/") } });
        settings.Detection.Disabled.Single().AsText().Should().Be("x");
        settings.Detection.Lists["admins"].Should().Equal("alice");
        settings.Detection.Lists["offices"].Should().BeEmpty();
        settings.Silence.After.Should().Be(TimeSpan.FromHours(2));
    }

    [Fact]
    public void What_may_be_left_out_has_the_documented_value()
    {
        var settings = Load("\"start\":\"24h\"");

        settings.Detection.Should().BeEquivalentTo(new { IsDelivered = true, Level = RuleLevel.Medium });
        settings.Silence.After.Should().Be(TimeSpan.FromHours(24));
    }

    [Theory]
    [InlineData("\"silence\":\"off\"")]
    [InlineData("\"silence\":{\"after\":\"off\"}")]
    public void Silence_can_be_switched_off(string silence) => Load(silence).Silence.After.Should().BeNull();

    [Theory]
    [InlineData("\"detection\":{\"delivery\":\"off\"}", "1: detection.delivery: unknown")]
    [InlineData("\"detection\":{\"deliver\":\"on\"}", "1: detection.deliver: \"on\" is unknown")]
    [InlineData("\"detection\":{\"level\":\"severe\"}", "1: detection.level: \"severe\" is unknown")]
    [InlineData("\"detection\":{\"rules\":\"rules\"}", "1: detection.rules: must be a list")]
    [InlineData("\"detection\":{\"lists\":{\"my admins\":[]}}", "1: detection.lists.my admins: is not the name of a list")]
    [InlineData("\"detection\":{\"lists\":{\"\":[]}}", "1: detection.lists.: is not the name of a list")]
    [InlineData("\"detection\":{\"lists\":{\"admins\":\"alice\"}}", "1: detection.lists.admins: must be a list")]
    [InlineData("\"detection\":{\"lists\":{\"admins\":[\"group: \"]}}", "1: detection.lists.admins[0]: names no group")]
    [InlineData(
        "\"detection\":{\"lists\":{\"privileged_groups\":[\"group:Owners\"]}}",
        "1: detection.lists.privileged_groups[0]: means the users in the group; write \"Owners\"")]
    [InlineData(
        "\"detection\":{\"lists\":{\"own_domains\":[\"@acme.example\",\"bob@acme.example\"]}}",
        "1: detection.lists.own_domains[1]: \"bob@acme.example\" is not a domain")]
    [InlineData("\"detection\":{\"lists\":{\"own_domains\":[\"https://acme.example\"]}}", "1: detection.lists.own_domains[0]: ")]
    [InlineData(
        "\"detection\":{\"lists\":{\"usual_clients\":[\"  \"]}}",
        "1: detection.lists.usual_clients[0]: must be a text in quotes, and not blank")]
    [InlineData(
        "\"detection\":{\"lists\":{\"own_domains\":[\"group:Owners\"]}}", "1: detection.lists.own_domains[0]: means the users")]
    [InlineData(
        "\"detection\":{\"lists\":{\"threat_addresses\":[\"198.51.100.0/24\",\"evil.example\"]}}",
        "1: detection.lists.threat_addresses[1]: \"evil.example\" is not a network")]
    [InlineData("\"silence\":{\"after\":\"soon\"}", "1: silence.after: \"soon\" is not a duration")]
    [InlineData("\"silence\":{}", "1: silence: \"after\" is missing")]
    [InlineData("\"silence\":\"on\"", "1: silence: \"on\" is unknown")]
    public void A_wrong_member_is_refused(string member, string complaint) =>
        _written.ComplaintOf(() => Load(member)).Should().StartWith(complaint);

    [Theory]
    [InlineData("risky_countries", "Russland", "is not a known country; write its ISO code")]
    [InlineData("risky_countries", "EU", "is not a known country")]
    [InlineData("risky_countries", "ZZ", "is not a known country")]
    [InlineData("risky_countries", "XXX", "is not a known country")]
    [InlineData("usual_clients", "1Password for *", "is compared as it is written")]
    [InlineData("usual_clients", "?Password", "is compared as it is written")]
    [InlineData("admins", "Alice A <alice@acme.example>", "is in no event; write the address alone: \"alice@acme.example\"")]
    [InlineData("admins", "<alice@acme.example>", "is in no event; write the address alone: \"alice@acme.example\"")]
    [InlineData("offices", "MAILTO:alice@acme.example?subject=x", "is in no event; write the address alone: \"alice@acme.example\"")]
    [InlineData("admins", "*@acme.example", "is compared as it is written")]
    public void An_entry_that_could_never_match_is_refused(string list, string entry, string why) =>
        _written.ComplaintOf(() => Load($$$"""
            "detection":{"lists":{"{{{list}}}":["RU","{{{entry}}}"]}}
            """)).Should().StartWith($"1: detection.lists.{list}[1]: \"{entry}\" {why}");

    [Fact]
    public void Usual_entries_are_taken()
    {
        var settings = Load("""
            "detection":{"lists":{"risky_countries":["UK","XK","Yemen, Rep."],"usual_clients":["1Password for Mac"],"offices":["a*b","x < y"]}}
            """);

        settings.Detection.Lists.Should().HaveCount(3);
        settings.Detection.ListPlaces.Select(list => list.Name).Should().Equal("risky_countries", "usual_clients", "offices");
    }

    [Fact]
    public void Only_op_can_say_who_is_in_a_group()
    {
        const string Lists =
            "\"detection\":{\"lists\":{\"admins\":[\"alice\",\"group:Owners\",\"GROUP: Auditors\"],\"treasurers\":[\"group:Owners\"]}}";

        Load(Lists).Detection.Groups.Should().Equal("Owners", "Auditors");
        _written.ComplaintOf(() => LoadFromApi(Lists)).Should().StartWith("1: detection.lists.admins[1]: only op tells who is in a group");
    }

    [Theory]
    [InlineData("\"only\":\"events\"", "off", "1: sink.only: \"events\" is unknown")]
    [InlineData("\"only\":\"findings\"", "off", "1: sink.only: leaves nothing to deliver")]
    [InlineData("\"routes\":{\"audit\":{\"only\":\"findings\"}}", "off", "1: sink.routes.audit.only: leaves nothing to deliver")]
    public void A_sink_that_would_get_nothing_is_refused(string only, string deliver, string complaint) =>
        _written.ComplaintOf(() =>
            _written.LoadText(
                $$$$"""{"source":{"type":"op","op":{"account":"acme","password":{"env":"P"}}},"sink":{"type":"file","path":"x",{{{{only}}}}},"detection":{"deliver":"{{{{deliver}}}}"} }"""))
            .Should().StartWith(complaint);

    Settings LoadFromApi(string member) =>
        _written.LoadText(
            $$$$"""{"source":{"type":"events-api","eventsApi":{"token":{"env":"T"} } },"sink":{"type":"stdout"},{{{{member}}}} }""");

    Settings Load(string member) =>
        _written.LoadText(
            $$$$"""{"source":{"type":"op","op":{"account":"acme","password":{"env":"P"}}},"sink":{"type":"stdout"},{{{{member}}}} }""");
}
