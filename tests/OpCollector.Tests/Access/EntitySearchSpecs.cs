using OpCollector.Access;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>Whom somebody means by a name: one, or a complaint that helps.</summary>
public sealed class EntitySearchSpecs
{
    static readonly Entity Payroll = Called(NameKind.Vault, "v1", "Payroll");
    static readonly Entity Finance = Called(NameKind.Vault, "v2", "Finance");
    static readonly Entity FinanceGroup = Called(NameKind.Group, "g1", "Finance");
    static readonly Entity Bob = Called(NameKind.User, "U1", "Bob Okonkwo", "bob@acme.example");
    static readonly Entity Nameless = Called(NameKind.User, "U2", null);

    readonly EntitySearch _search = new([Payroll, Finance, FinanceGroup, Bob, Nameless]);

    [Theory]
    [InlineData("v1")]
    [InlineData("Payroll")]
    [InlineData("payroll")]
    [InlineData("vault:Payroll")]
    [InlineData("VAULT:v1")]
    public void A_thing_is_found_by_uuid_and_by_name(string name) => _search.Single(name).Should().BeSameAs(Payroll);

    [Theory]
    [InlineData("bob@acme.example")]
    [InlineData("BOB@acme.example")]
    [InlineData("user:Bob Okonkwo")]
    public void A_person_is_found_by_address_too(string name) => _search.Single(name).Should().BeSameAs(Bob);

    [Fact]
    public void A_kind_in_front_tells_things_of_one_name_apart()
    {
        _search.Single("group:finance").Should().BeSameAs(FinanceGroup);
        _search.Single("vault:finance").Should().BeSameAs(Finance);
    }

    [Fact]
    public void A_name_of_several_is_refused_with_all_of_them() => Complaint("Finance").Should().Be(
        "2 things are called \"Finance\": the vault v2, the group g1. Write the uuid, or vault:, group: or user: in front");

    [Fact]
    public void An_unknown_name_is_refused_with_those_that_are_near()
    {
        Complaint("Payrol").Should().EndWith("in these events or lists; did you mean Payroll?");
        Complaint("group:Payroll").Should().NotContain("did you mean");
        Complaint("zzzzzzzzzz").Should().EndWith("is in these events or lists");
    }

    [Fact]
    public void Without_any_name_it_says_so()
    {
        var complaint = FluentActions.Invoking(() => new EntitySearch([Nameless]).Single("Bob")).Should().Throw<Failure>();

        complaint.Which.Message.Should().EndWith("no names are known, only uuids");
    }

    string Complaint(string name) => FluentActions.Invoking(() => _search.Single(name)).Should().Throw<Failure>()
        .Where(failure => failure.Code == ExitCode.Usage).Which.Message;

    static Entity Called(NameKind kind, string uuid, string? name, string? email = null)
    {
        var entity = new Entity(kind, uuid);
        entity.AddName(name, email);
        return entity;
    }
}
