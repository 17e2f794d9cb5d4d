using System.Text;
using System.Text.Json;
using OpCollector.Checkpoints;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Tests;

/// <summary>JSON of others is read, or it is no JSON; nothing else can come of it.</summary>
public sealed class SafeJsonSpecs
{
    [Theory]
    [InlineData("""{"a":"\ud800"}""", "\uFFFD")]
    [InlineData("""{"a":"\udc00x"}""", "\uFFFDx")]
    [InlineData("""{"a":"\ud800\ud800\udc00"}""", "\uFFFD\U00010000")]
    [InlineData("""{"a":"\uD83E\uDD8A"}""", "🦊")]
    [InlineData("""{"a":"\\ud800"}""", "\\ud800")]
    [InlineData("""{"\ud800":1,"a":"x"}""", "x")]
    [InlineData("\uFEFF{\"a\":\"x\"}", "x")]
    public void Half_a_character_is_replaced_and_a_whole_one_stays(string json, string text)
    {
        using var document = SafeJson.Parse(Encoding.UTF8.GetBytes(json));

        document.RootElement.Text("a"u8).Should().Be(text);
    }

    [Fact]
    public void What_is_no_utf8_is_replaced()
    {
        using var document = SafeJson.Parse((byte[])[.. "{\"a\":\""u8, 0xff, 0xc3, .. "\"}"u8]);

        document.RootElement.Text("a"u8).Should().Be("\uFFFD\uFFFD");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a\":ture}")]
    [InlineData("\"\\ud8")]
    [InlineData("\\")]
    [InlineData("{\"pid\":1e999999999,\"started\":\"x\"}")]
    [InlineData("{\"pid\":1,\"started\":\"\\ud800\"}")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void Whatever_is_wrong_with_it_it_is_no_JSON_and_the_message_is_ours(string json)
    {
        var reading = () => SafeJson.Read(Encoding.UTF8.GetBytes(json), LockHolderJson.Default.LockHolder);

        reading.Should().Throw<NoJsonException>()
            .Where(ex => ex.Message.Length < 80)
            .Which.Message.Should().NotContainAny("ture", "\ufffd", "System", "LineNumber");
    }

    [Fact]
    public void Nesting_without_end_is_no_JSON()
    {
        var reading = () => SafeJson.Parse(Encoding.UTF8.GetBytes(new string('[', 100_000)));

        reading.Should().Throw<NoJsonException>();
    }

    [Fact]
    public void The_place_of_what_is_wrong_is_told()
    {
        var reading = () => SafeJson.Parse("{\n  \"a\": ture\n}"u8.ToArray());

        reading.Should().Throw<NoJsonException>().WithMessage("it is broken at line 2, column *").Which.Line.Should().Be(2);
    }

    [Fact]
    public void A_member_is_asked_for_without_a_fear()
    {
        using var list = JsonDocument.Parse("[1]");

        list.RootElement.Member("a"u8).Should().BeNull();
        list.RootElement.Text("a"u8).Should().BeNull();
    }
}
