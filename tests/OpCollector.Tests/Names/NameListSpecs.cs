using System.Globalization;
using System.Text;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>What a list of names holds, what is kept of it, and when it is worth reading again.</summary>
public sealed class NameListSpecs
{
    static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-09-01T12:00:00Z", CultureInfo.InvariantCulture);
    static readonly TimeSpan SixHours = TimeSpan.FromHours(6);

    [Theory]
    [InlineData(
        """[{"uuid":"U","firstName":"Alice","lastName":"A","name":"Alice A","email":"a@acme.example","avatar":"","state":"A","type":"R"}]""",
        "Alice A",
        "a@acme.example")]
    [InlineData("""[{"uuid":"U","firstName":"Alice","lastName":"A","email":"a@acme.example","avatar":""}]""", "Alice A", "a@acme.example")]
    [InlineData("""[{"uuid":"U","firstName":"Bob","lastName":"","email":"a@acme.example"}]""", "Bob", "a@acme.example")]
    [InlineData("""[{"uuid":"U","firstName":"","lastName":"","name":"","email":"a@acme.example","state":"3"}]""", null, "a@acme.example")]
    [InlineData("""[{"id":"U","name":" Payroll ","content_version":3,"created_at":"2026-01-01T00:00:00Z"}]""", "Payroll", null)]
    [InlineData("""[{"id":"U","name":"Alice A","email":"a@acme.example","type":"MEMBER","state":"ACTIVE"}]""", "Alice A", "a@acme.example")]
    public void Each_generation_of_op_tells_names_in_its_own_way(string json, string? name, string? email) =>
        Read(json).Should().Equal(new ListedEntity("U", name, email));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""[1,"x",null,{},{"uuid":"U"},{"name":"N"},{"uuid":7,"name":"N"},{"uuid":"","name":"N"}]""")]
    public void What_has_no_uuid_or_no_name_is_passed_over(string json) => Read(json).Should().BeEmpty();

    [Fact]
    public void Members_of_a_group_have_a_role_in_it()
    {
        Members("""[{"uuid":"A","name":"Alice","role":"MANAGER"},{"uuid":"B","role":"MEMBER"},{"uuid":"A","role":"MEMBER"}]""")
            .Should().Equal(new ListedEntity("A", "Alice", Role: "MANAGER"), new ListedEntity("B", Role: "MEMBER"));
        Members("null\n").Should().BeEmpty();
        Members("").Should().BeEmpty();

        var all = () => Members("""[{"uuid":"A","role":"MEMBER"},{"uuid":"B"}]""");
        all.Should().Throw<Failure>().WithMessage("*without a role in the group*").Which.Code.Should().Be(ExitCode.SourceData);
    }

    [Fact]
    public void How_deep_a_list_is_does_not_matter() =>
        Read($$"""[{"uuid":"U","name":"Payroll","permissions":{{new string('[', 1000)}}{{new string(']', 1000)}}}]""")
            .Should().Equal(new ListedEntity("U", "Payroll"));

    [Theory]
    [InlineData("{}")]
    [InlineData("[{]")]
    [InlineData("Specify a command")]
    public void What_is_no_list_is_refused(string json) => FluentActions.Invoking(() => Read(json)).Should().Throw<NoJsonException>();

    [Fact]
    public void What_has_vanished_keeps_its_name_and_is_marked_until_it_comes_back()
    {
        var (alice, bob) = (new NamedEntity("A", "Alice"), new NamedEntity("B", "Bob"));

        var first = NameList.Empty.Trying(Noon).With([alice, bob]);
        var second = first.Trying(Noon.AddHours(6)).With([alice]);
        var third = second.Trying(Noon.AddHours(12)).With([alice with { Name = "Alice A" }]);
        var fourth = third.Trying(Noon.AddHours(18)).With([bob]);

        second.Names.Should().BeEquivalentTo([alice, bob with { Gone = Noon.AddHours(6) }]);
        third.Names.Should().BeEquivalentTo([alice with { Name = "Alice A" }, bob with { Gone = Noon.AddHours(6) }]);
        fourth.Names.Should().BeEquivalentTo([bob, alice with { Name = "Alice A", Gone = Noon.AddHours(18) }]);
    }

    [Fact]
    public void It_is_old_when_it_was_never_tried_or_long_ago_or_by_a_wrong_clock()
    {
        NameList.Empty.IsOlderThan(SixHours, Noon).Should().BeTrue();
        NameList.Empty.Trying(Noon).IsOlderThan(SixHours, Noon.AddHours(5)).Should().BeFalse();
        NameList.Empty.Trying(Noon).IsOlderThan(SixHours, Noon.AddHours(6)).Should().BeTrue();
        NameList.Empty.Trying(Noon.AddDays(1)).IsOlderThan(SixHours, Noon).Should().BeTrue();
    }

    [Fact]
    public void A_uuid_is_worth_a_look_once_in_its_time()
    {
        var list = NameList.Empty.Trying(Noon).With([]);
        var asked = list.WithMissing(["U"], SixHours, Noon.AddMinutes(1));

        MayBring(list, Noon.AddMinutes(1)).Should().BeTrue();
        MayBring(asked, Noon.AddHours(5)).Should().BeFalse();
        MayBring(asked, Noon.AddHours(7)).Should().BeTrue();
        asked.With([new NamedEntity("U", "N")]).Missing.Should().BeEmpty();
        asked.WithMissing(["V"], SixHours, Noon.AddHours(7)).Missing.Keys.Should().Equal("V");
    }

    [Fact]
    public void Of_very_many_uuids_without_a_name_the_oldest_are_forgotten()
    {
        var list = NameList.Empty.WithMissing(["first"], SixHours, Noon).WithMissing(Uuids(4999), SixHours, Noon.AddMinutes(1));

        list.Missing.Should().HaveCount(5000).And.ContainKey("first");
        list.WithMissing(["last"], SixHours, Noon.AddMinutes(2)).Missing.Should().HaveCount(5000).And.ContainKey("last")
            .And.NotContainKey("first");

        static string[] Uuids(int count) => [.. Enumerable.Range(0, count).Select(number => $"U{number}")];
    }

    [Fact]
    public void A_list_that_could_not_be_read_is_not_asked_for_every_uuid() =>
        MayBring(NameList.Empty.Trying(Noon).With([]).Trying(Noon.AddHours(1)), Noon.AddHours(2)).Should().BeFalse();

    [Theory]
    [InlineData(-10, false)]
    [InlineData(-4, true)]
    [InlineData(4, true)]
    [InlineData(null, true)]
    public void In_the_run_that_read_it_only_what_happened_since_is_worth_a_look(int? minutes, bool isWorthIt) =>
        NameList.Empty.Trying(Noon).With([])
            .MayBring("U", minutes is { } ago ? Noon.AddMinutes(ago) : null, isFresh: true, SixHours, Noon.AddMinutes(5))
            .Should().Be(isWorthIt);

    static bool MayBring(NameList list, DateTimeOffset now) => list.MayBring("U", now, isFresh: false, SixHours, now);

    static IReadOnlyList<ListedEntity> Members(string json) => NameListJson.ReadMembers(NameListJson.Split(Encoding.UTF8.GetBytes(json)));

    static IReadOnlyList<ListedEntity> Read(string json) => NameListJson.Read(Encoding.UTF8.GetBytes(json));
}
