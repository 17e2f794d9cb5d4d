using System.Text;
using FluentAssertions;
using OpCollector.Delivery;
using OpCollector.Events;
using Xunit;

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
        string.Join(' ', Of(sizes.Split(' ').Select(int.Parse)).Cut(500, 99, SizeOf).Select(piece => piece.Events.Count)).Should().Be(pieces);

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

    static int SizeOf(ActivityEvent each) => each.Bytes.Length + 1;

    static Batch Of(IEnumerable<int> sizes, long first = 1000, string stream = "audit") =>
        new(stream, [.. sizes.Select((size, i) => new ActivityEvent(first + i, null, Encoding.ASCII.GetBytes(new string('x', size))))]);
}
