using System.Globalization;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Storage;

namespace OpCollector.Tests;

/// <summary>What two runs that write the name book beside each other leave of it.</summary>
public sealed class NameBookFileSpecs : IDisposable
{
    static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-09-01T12:00:00Z", CultureInfo.InvariantCulture);

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Of_each_list_the_one_stays_that_was_tried_later()
    {
        Directory.CreateDirectory(_host.State(""));
        var file = new NameBookFile(new StateDirectory(_host.State("")), "op:acme");
        var (alice, owners, payroll) = (new NamedEntity("A", "Alice"), new NamedEntity("O", "Owners"), new NamedEntity("P", "Payroll"));

        file.Write(
            new NameBook(List(alice, Noon.AddMinutes(2)), List(owners, Noon), List(payroll, Noon.AddDays(1)), []), Noon.AddMinutes(3));
        file.Write(
            new NameBook(
                List(alice with { Name = "Al" }, Noon),
                List(owners with { Name = "The owners" }, Noon.AddMinutes(1)),
                List(payroll with { Name = "Wages" }, Noon),
                []),
            Noon.AddMinutes(3));

        var book = file.Read();
        book[NameKind.User].Names.Single().Name.Should().Be("Alice");
        book[NameKind.Group].Names.Single().Name.Should().Be("The owners");
        book[NameKind.Vault].Names.Single().Name.Should().Be("Wages", "what was tried in the future was written by a clock that was wrong");
    }

    [Fact]
    public void Who_has_an_address_and_no_name_does_not_spoil_the_book()
    {
        Directory.CreateDirectory(_host.State(""));
        var file = new NameBookFile(new StateDirectory(_host.State("")), "op:acme");

        file.Write(new NameBook(List(new NamedEntity("D", null, "dave@acme.example"), Noon), NameList.Empty, NameList.Empty, []), Noon);

        file.Read()[NameKind.User].Names.Should().Equal(new NamedEntity("D", null, "dave@acme.example"));
    }

    [Fact]
    public void The_members_of_a_group_stay_beside_it()
    {
        Directory.CreateDirectory(_host.State(""));
        var file = new NameBookFile(new StateDirectory(_host.State("")), "op:acme");

        file.Write(NameBook.Empty.With("G", List(new NamedEntity("A"), Noon.AddMinutes(1))), Noon.AddMinutes(2));
        file.Write(
            NameBook.Empty.With("G", List(new NamedEntity("B"), Noon)).With("H", List(new NamedEntity("C"), Noon)), Noon.AddMinutes(2));

        var book = file.Read();
        book.MembersOf("G").Names.Should().Equal(new NamedEntity("A"));
        book.MembersOf("H").Names.Should().Equal(new NamedEntity("C"));
        book.MembersOf("I").Read.Should().BeNull();
    }

    static NameList List(NamedEntity entity, DateTimeOffset at) => NameList.Empty.Trying(at).With([entity]);
}
