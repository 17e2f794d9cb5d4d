using System.Text;
using OpCollector.Delivery;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>A page on its way: cut to what a receiver takes, and recognisable when it comes again.</summary>
public sealed class BatchSpecs
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(499, 499)]
    [InlineData(500, 500)]
    [InlineData(501, 500, 1)]
    [InlineData(1001, 500, 500, 1)]
    public void No_piece_has_more_events_than_a_receiver_takes(int events, params int[] pieces) =>
        Of(Enumerable.Repeat(10, events)).Cut(500, 900_000, SizeOf).Select(piece => piece.Events.Count).Should().Equal(pieces);

    [Theory]
    [InlineData("40 40 40", "2 1")]
    [InlineData("99 99", "1 1")]
    [InlineData("500 10 10", "1 2")]
    [InlineData("10 500 10", "1 1 1")]
    [InlineData("500", "1")]
    public void No_piece_is_larger_than_a_receiver_takes_but_for_a_single_event(string sizes, string pieces) =>
        string.Join(' ', Of(sizes.Split(' ').Select(int.Parse)).Cut(500, 99, SizeOf).Select(piece => piece.Events.Count))
            .Should().Be(pieces);

    // A letter is an event, a digit behind it a finding of it; each has ten bytes.
    [Theory]
    [InlineData("a1b2c", 3, 900, "a1 b2c")]
    [InlineData("ab12c", 3, 900, "a b12 c")]
    [InlineData("a123b", 3, 900, "a12 3b")]
    [InlineData("a1b", 1, 900, "a 1 b")]
    [InlineData("ab1c", 500, 20, "a b1 c")]
    [InlineData("a12b", 500, 20, "a1 2b")]
    [InlineData("a12b", 500, 9, "a 1 2 b")]
    public void An_event_is_parted_from_its_findings_only_where_they_are_too_much_together(
        string items, int mostEvents, int mostBytes, string pieces) =>
        string.Join(' ', Named(items).Cut(mostEvents, mostBytes, each => each.Bytes.Length).Select(Text)).Should().Be(pieces);

    [Theory]
    [InlineData("ab", "a b")]
    [InlineData("a1b", "a1 b")]
    [InlineData("ab1", "a b1")]
    [InlineData("ab12345", "a b12345")]
    [InlineData("a12345b", "a12345 b")]
    [InlineData("abc1de", "ab c1de")]
    [InlineData("a1", "a 1")]
    [InlineData("a12", "a 12")]
    [InlineData("12", "1 2")]
    public void Halves_part_an_event_from_its_findings_only_where_there_is_no_other(string items, string halves)
    {
        var (first, second) = Named(items).Halves();

        $"{Text(first)} {Text(second)}".Should().Be(halves);
    }

    [Fact]
    public void The_pieces_are_the_batch_in_its_order()
    {
        var batch = Of(Enumerable.Range(0, 1234).Select(i => 20 + (i * 37 % 400)));

        var pieces = batch.Cut(50, 3000, SizeOf).ToArray();

        pieces.SelectMany(piece => piece.Events).Should().Equal(batch.Events);
    }

    [Fact]
    public void Nothing_is_cut_into_nothing() => Of([]).Cut(500, 900_000, SizeOf).Should().BeEmpty();

    [Fact]
    public void A_repeated_batch_has_the_same_id() =>
        Of([10, 20, 30]).Id.Should().Be(Of([10, 20, 30]).Id).And.HaveLength(32);

    [Fact]
    public void Other_events_have_another_id()
    {
        Batch[] batches = [Of([10]), Of([10, 10]), Of([10, 10, 10]), Of([10], first: 11), Of([10], first: 1), Of([10], stream: "signin")];

        batches.Select(batch => batch.Id).Should().OnlyHaveUniqueItems();
    }

    static Batch Named(
        string items) => new(
            "audit",
            [.. items.Select(
                item =>
                    new ActivityEvent(0, null, new byte[10])
                    {
                        Id = $"{item}",
                        Headline = char.IsAsciiDigit(item) ? new Headline("high", "T") : null,
                    })]);

    static string Text(Batch batch) => string.Concat(batch.Events.Select(each => each.Id));

    static int SizeOf(ActivityEvent each) => each.Bytes.Length + 1;

    static Batch Of(IEnumerable<int> sizes, long first = 1000, string stream = "audit") =>
        new(stream, [.. sizes.Select((size, i) => new ActivityEvent(first + i, null, Encoding.ASCII.GetBytes(new string('x', size))))]);
}
