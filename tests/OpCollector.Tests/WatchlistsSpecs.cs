using FluentAssertions;
using OpCollector.Detection;
using OpCollector.Events;
using Xunit;

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
    public void An_entry_is_a_uuid_an_address_or_a_name(string entry) => Lists("admins", entry).Find("admins").Should().Contain(Alice).And.Contain(entry).And.HaveCountLessThanOrEqualTo(2);

    [Fact]
    public void A_group_stands_for_its_members()
    {
        var lists = Lists("admins", "group:owners");

        lists.Find("admins").Should().Equal(Alice, Bob, "group:owners");
        lists.Warnings(["admins"]).Should().BeEmpty();
    }

    [Theory]
    [InlineData("group:Nobodies", "is no group that is known")]
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
        new(new Dictionary<string, IReadOnlyList<string>> { [name] = [entry] }, Things, group => group switch
        {
            Owners => [Alice, Bob],
            "tttttttttttttttttttttttttt" => [Alice],
            "uuuuuuuuuuuuuuuuuuuuuuuuuu" => [Bob],
            Guests => [],
            _ => null,
        });
}
