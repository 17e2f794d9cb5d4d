using System.Text;
using FluentAssertions;
using OpCollector.Delivery;
using OpCollector.Events;
using Xunit;

namespace OpCollector.Tests;

/// <summary>How events stand one after another in a request or a file: their bytes are not touched.</summary>
public sealed class FramingSpecs
{
    // Spellings that any re-encoding would lose: escapes, number forms, a doubled member, key order, a lone surrogate.
    const string Odd = """{"z":1e5,"eid":7,"a":"\u00e9\/\ud800","a":1.50,"t":"2021-01-01T00:00:00.123456789Z"}""";
    const string Plain = """{"eid":8,"name":"Zoë 🦉"}""";

    [Fact]
    public void An_array_holds_the_bytes_of_the_events() =>
        Text(Framing.Array(Of(Odd, Plain))).Should().Be($"[{Odd},{Plain}]");

    [Fact]
    public void An_array_of_one_has_no_comma() =>
        Text(Framing.Array(Of(Odd))).Should().Be($"[{Odd}]");

    [Fact]
    public void Each_line_holds_the_bytes_of_an_event_and_ends() =>
        Text(Framing.Lines(Of(Odd, Plain))).Should().Be($"{Odd}\n{Plain}\n");

    [Fact]
    public void No_events_are_no_line() => Framing.Lines(Of()).Length.Should().Be(0);

    static Batch Of(params string[] events) =>
        new("audit", [.. events.Select((text, i) => new ActivityEvent(7 + i, null, Encoding.UTF8.GetBytes(text)))]);

    static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
