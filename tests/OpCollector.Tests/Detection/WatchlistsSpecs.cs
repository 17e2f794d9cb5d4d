using OpCollector.Detection;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>Watch lists: what an entry stands for, and what is said of one that stands for nothing.</summary>
public sealed class WatchlistsSpecs
{
    const string Alice = "AAAAAAAAAAAAAAAAAAAAAAAAAA";
    const string Bob = "BBBBBBBBBBBBBBBBBBBBBBBBBB";
    const string Owners = "gggggggggggggggggggggggggg";
    const string Guests = "gtgtgtgtgtgtgtgtgtgtgtgtgt";

    static readonly KnownName[] Things =
    [
        new(NameKind.User, Alice, "Alice", "alice@acme.example"),
        new(NameKind.User, Bob, "Bob", "bob@acme.example"),
        new(NameKind.User, "CCCCCCCCCCCCCCCCCCCCCCCCCC", "Bob", "bob2@acme.example"),
        new(NameKind.Group, Owners, "Owners"),
        new(NameKind.Group, Guests, "Guests"),
        new(NameKind.Group, "tttttttttttttttttttttttttt", "Twins"),
        new(NameKind.Group, "uuuuuuuuuuuuuuuuuuuuuuuuuu", "Twins"),
        new(NameKind.Vault, "vvvvvvvvvvvvvvvvvvvvvvvvvv", "Alice"),
    ];

    [Theory]
    [InlineData(Alice)]
    [InlineData("alice@ACME.example")]
    [InlineData("alice")]
    public void An_entry_is_a_uuid_an_address_or_a_name(string entry) =>
        Lists("admins", entry).Find("admins").Should().Contain(Alice).And.Contain(entry).And.HaveCountLessThanOrEqualTo(2);

    [Fact]
    public void Where_no_run_reads_names_nobody_is_promised_that_one_will()
    {
        var lists = new Watchlists(new Dictionary<string, IReadOnlyList<string>> { ["privileged_groups"] = ["Owners"] }, []);
        var ofEventsApi = new Watchlists(new Dictionary<string, IReadOnlyList<string>> { ["privileged_groups"] = ["Owners"] }, [])
        {
            EventsSayAddresses = true,
        };

        lists.WhyEmpty("privileged_groups").Should().EndWith("the first run reads the names");
        ofEventsApi.WhyEmpty("privileged_groups").Should().EndWith("write uuids, or add the names to enrichment.lists");
    }

    [Fact]
    public void A_group_stands_for_its_members()
    {
        var lists = Lists("admins", "group:owners");

        lists.Find("admins").Should().Equal(Alice, Bob, "group:owners");
        lists.Warnings(["admins"]).Should().BeEmpty();
    }

    [Theory]
    [InlineData("group:Nobodies", "is a group that is not found")]
    [InlineData("group:hhhhhhhhhhhhhhhhhhhhhhhhhh", "is a group whose members are not known yet")]
    [InlineData("group:Guests", "is a group without members")]
    public void Of_a_group_that_stands_for_nobody_it_is_said_why(string entry, string why) =>
        Lists("admins", entry).Warnings(["admins"]).Should().ContainSingle().Which.Should().Contain($"\"{entry}\" {why}");

    [Fact]
    public void A_name_of_two_groups_means_the_members_of_both_and_is_warned_of()
    {
        var lists = Lists("admins", "group:Twins");

        lists.Find("admins").Should().Equal(Alice, Bob, "group:Twins");
        lists.Warnings(["admins"]).Should().ContainSingle().Which.Should().Contain("is the name of 2 groups");
    }

    [Theory]
    [InlineData("admins", "eve@acme.example")]
    [InlineData("admins", "group:Nobodies")]
    [InlineData("privileged_groups", "Alice")]
    [InlineData("privileged_vaults", "Owners")]
    public void An_entry_that_resolves_to_nothing_is_named(string list, string entry)
    {
        var lists = Lists(list, entry);

        lists.Warnings([list]).Should().ContainSingle().Which.Should().Contain($"detection.lists.{list}").And.Contain($"\"{entry}\"");
        lists.Find(list).Should().BeEmpty("everybody else would be a stranger");
    }

    [Fact]
    public void Where_events_say_addresses_an_address_needs_not_be_known()
    {
        var lists = new Watchlists(new Dictionary<string, IReadOnlyList<string>>
        {
            ["admins"] = ["Eve@acme.example"],
            ["privileged_groups"] = ["Eve@acme.example"]
        }, Things)
        {
            EventsSayAddresses = true
        };

        lists.Find("admins").Should().Equal("Eve@acme.example");
        lists.Find("privileged_groups").Should().BeEmpty("no event says an address of a group");
        lists.Warnings(["admins"]).Should().BeEmpty();
        lists.User("Eve@acme.example").Should().Be("Eve@acme.example");
        lists.User("alice@acme.example").Should().Be(Alice);
    }

    [Theory]
    [InlineData("""{"uuid":"1","actor_uuid":"E","actor_details":{"uuid":"E","email":"EVE@acme.example"},"user":{"uuid":"X"}}""", true)]
    [InlineData("""{"eid":1,"actorUuid":"E","actorEmail":"eve@acme.example"}""", true)]
    [InlineData("""{"uuid":"1","actor_uuid":"E","actor_details":{"email":"mallory@acme.example"}}""", false)]
    [InlineData("""{"uuid":"1","actor_uuid":"E"}""", false)]
    [InlineData("""{"uuid":"1","actor_uuid":"eve@acme.example"}""", true)]
    public void An_address_in_a_list_matches_the_address_that_the_event_says(string json, bool matches) =>
        Support.Sigma.Detection(
            "s:\n  actor_uuid|expand: '%admins%'\ncondition: s", "admins=AAAAAAAAAAAAAAAAAAAAAAAAAA,Eve@acme.example").Matches(json)
            .Should().Be(matches);

    [Theory]
    [InlineData("user.uuid", """{"user":{"uuid":"U","email":"eve@acme.example"}}""")]
    [InlineData("target_user.uuid", """{"target_user":{"uuid":"U","email":"eve@acme.example"}}""")]
    [InlineData("aux_uuid", """{"aux_uuid":"U","aux_details":{"email":"eve@acme.example"}}""")]
    public void So_it_does_in_every_place_that_has_one(string field, string json) =>
        Support.Sigma.Detection($"s:\n  {field}|expand: '%watched%'\ncondition: s", "watched=Eve@Acme.Example").Matches(json)
            .Should().BeTrue();

    [Theory]
    [InlineData("acme.example")]
    [InlineData("@acme.example")]
    [InlineData("*.acme.example")]
    [InlineData("*@ACME.example")]
    [InlineData(" acme.example. ")]
    public void A_domain_is_understood_as_people_write_it(string entry)
    {
        var own = Support.Sigma.Detection("s:\n  aux_info|endswith|expand: '@%own_domains%'\ncondition: s", $"own_domains={entry}");

        own.Matches("""{"aux_info":"bob@acme.example"}""").Should().BeTrue();
        own.Matches("""{"aux_info":"bob@evil-acme.example"}""").Should().BeFalse();
        own.Matches("""{"aux_info":"bob@eu.acme.example"}""").Should().BeFalse();
    }

    [Fact]
    public void A_name_of_two_people_means_both_and_is_warned_of()
    {
        var lists = Lists("admins", "Bob");

        lists.Find("admins").Should().HaveCount(3);
        lists.Warnings(["admins"]).Should().ContainSingle().Which.Should().Contain("is the name of 2");
        lists.User("Bob").Should().BeNull();
    }

    [Fact]
    public void A_list_of_one_s_own_holds_what_it_is_given()
    {
        var lists = Lists("offices", "203.0.113.0/24");

        lists.Find("offices").Should().Equal("203.0.113.0/24");
        lists.Warnings([]).Should().BeEmpty();
    }

    [Fact]
    public void A_list_that_nobody_wrote_is_empty_where_a_built_in_rule_asks_for_it_and_else_unknown()
    {
        Watchlists.None.Find("admins").Should().BeEmpty();
        Watchlists.None.Find("risky_countries").Should().Contain("KP");
        Watchlists.None.Find("nonsense").Should().BeNull();
    }

    static Watchlists Lists(string name, string entry) =>
        new(new Dictionary<string, IReadOnlyList<string>> { [name] = [entry] }, Things)
        {
            Members = new Dictionary<string, IReadOnlyList<string>>
            {
                [Owners] = [Alice, Bob],
                ["tttttttttttttttttttttttttt"] = [Alice],
                ["uuuuuuuuuuuuuuuuuuuuuuuuuu"] = [Bob],
                [Guests] = [],
            },
        };
}
